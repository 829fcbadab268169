// GeoJSON: the check for what GDAL would leave out, and the plots.
#include "one_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tuban_fuzz::read_as_plots("plots.geojson", tuban_fuzz::bytes_of(data, size));
}
