// Project files, rules and schedule blocks: YAML from anybody.
#include <tuban/io.hpp>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tuban_fuzz::Scratch scratch;
    const std::string file = scratch.write("project.yaml", tuban_fuzz::bytes_of(data, size));
    tuban_fuzz::expect_answer_or_error([&] { (void)tuban::read_project(file); });
    tuban_fuzz::expect_answer_or_error([&] { (void)tuban::read_schedule_rules(file); });
    tuban_fuzz::expect_answer_or_error([&] { (void)tuban::read_rules(file); });
    tuban_fuzz::require(scratch.files() == 1, "reading a project writes nothing beside it");
    return 0;
}
