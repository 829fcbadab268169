// A zipped data set: the check of its catalogue and sums, and the plots in it.
#include "one_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tuban_fuzz::read_as_plots("plots.zip", tuban_fuzz::bytes_of(data, size));
}
