// A shapefile's members. The input is a .shp; ".shx:", ".dbf:", ".cpg:" and ".prj:" in it begin the next member.
#include <tuban/io.hpp>

#include "fuzz.hpp"
#include "io/gdal.hpp"
#include "io/shapefile_check.hpp"

#include <array>

namespace {

constexpr std::array<std::string_view, 4> marks{".shx:", ".dbf:", ".cpg:", ".prj:"};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tuban_fuzz::Scratch scratch;
    std::string_view rest = tuban_fuzz::bytes_of(data, size);
    std::size_t written = 0;
    std::string ending = ".shp";
    for (const std::string_view mark : marks) {
        scratch.remove("plots" + std::string(mark.substr(0, 4)));
        const std::size_t at = rest.find(mark);
        if (at == std::string_view::npos) {
            continue;
        }
        scratch.write("plots" + ending, rest.substr(0, at));
        ++written;
        ending = mark.substr(0, 4);
        rest = rest.substr(at + mark.size());
    }
    scratch.write("plots" + ending, rest);
    ++written;
    tuban::PlotsSpec spec;
    spec.source.file = scratch.file("plots.shp");
    tuban_fuzz::expect_answer_or_error([&] {
        const tuban::GdalScope gdal;
        tuban::check_shapefile(spec.source.file, spec.source);
    });
    tuban_fuzz::expect_answer_or_error([&] { (void)tuban::read_plots(spec, ""); });
    tuban_fuzz::require(scratch.files() == written, "reading writes nothing beside the files");
    return 0;
}
