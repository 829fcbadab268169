// CSV tables: as a table, and as plots without geometry.
#include <tuban/io.hpp>

#include "fuzz.hpp"
#include "io/text_encoding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const tuban_fuzz::Scratch scratch;
    const std::string file = scratch.write("table.csv", tuban_fuzz::bytes_of(data, size));
    tuban::FileSpec source;
    source.file = file;
    tuban_fuzz::expect_answer_or_error([&] {
        const tuban::Table table = tuban::read_table(source, "");
        for (const tuban::Column& column : table.columns) {
            tuban_fuzz::require(column.size() == table.rows, "every column has every row");
            tuban_fuzz::require(tuban::is_utf8(column.name), "names are UTF-8");
            for (std::size_t row = 0; row < table.rows; ++row) {
                tuban_fuzz::require(
                    tuban::is_utf8(column.text(row).value_or("")), "cells are UTF-8"
                );
            }
        }
        (void)tuban::table_csv(table);
    });
    tuban_fuzz::expect_answer_or_error([&] {
        tuban::PlotsSpec spec;
        spec.source = source;
        (void)tuban::read_plots(spec, "");
    });
    tuban_fuzz::require(scratch.files() == 1, "reading a table writes nothing beside it");
    return 0;
}
