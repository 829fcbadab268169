// plan.gpkg as it comes back from people: verified and explained from the file alone.
#include <tuban/workspace.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tuban_fuzz::Scratch scratch;
    const std::string file = scratch.write("plan.gpkg", tuban_fuzz::bytes_of(data, size));
    tuban_fuzz::expect_answer_or_error([&] { (void)tuban::verify_plan(file); });
    tuban_fuzz::expect_answer_or_error([&] { (void)tuban::explain_plot(file, "A1"); });
    tuban_fuzz::require(scratch.files() == 1, "reading a plan writes nothing beside it");
    return 0;
}
