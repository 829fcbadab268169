#include "indicators/families.hpp"

namespace tuban {

const std::vector<IndicatorFamily>& indicator_registry() {
    static const std::vector<IndicatorFamily> families = {
        indicators::area(),
        indicators::perimeter(),
        indicators::distance(),
        indicators::share_within(),
        indicators::clusters(),
        indicators::packages(),
        indicators::mines(),
        indicators::elevation(),
        indicators::shape(),
        indicators::surroundings(),
    };
    return families;
}

} // namespace tuban
