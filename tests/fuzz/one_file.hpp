#pragma once
#include "fuzz.hpp"
#include "io/plots_reader.hpp"

#include <string>

namespace tuban_fuzz {

/// The input as a file of this name, read as `tuban check` and as `tuban run` do.
inline int read_as_plots(const std::string& name, std::string_view bytes) {
    static const Scratch scratch;
    tuban::PlotsSpec spec;
    spec.source.file = scratch.write(name, bytes);
    expect_answer_or_error([&] {
        const tuban::PlotsRead found =
            tuban::read_plots_as_found(spec, "", tuban::ReadFor::check, {});
        require(found.plots.states.size() == found.plots.size(), "every plot has a state");
        require(found.plots.geometry.size() == found.plots.size(), "every plot has a shape");
    });
    expect_answer_or_error([&] { (void)tuban::read_plots(spec, ""); });
    require(scratch.files() == 1, "reading writes nothing beside the file");
    return 0;
}

} // namespace tuban_fuzz
