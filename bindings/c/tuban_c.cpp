#include <tuban/geodesy.hpp>
#include <tuban/spatial.hpp>
#include <tuban/tuban.h>
#include <tuban/version.hpp>

#include "guard.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using tuban::c::guard;
using tuban::c::require;

struct tuban_plots {
    tuban::Plots value;
};

struct tuban_layer {
    tuban::Layer value;
};

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// n binaries, their ids (null: their numbers) and their CRS as a caller gives them.
struct Given {
    std::size_t n = 0;
    const unsigned char* const* wkb = nullptr;
    const std::size_t* sizes = nullptr;
    const char* const* ids = nullptr;
    const char* crs = nullptr;
};

/// A new handle of what `make` makes of (binaries, ids, CRS).
template <class Handle, class Make>
void make_handle(const Given& given, const Make& make, Handle** handle) {
    if (given.n > 0) {
        require(given.wkb, "wkb");
        require(given.sizes, "wkb_sizes");
    }
    std::vector<std::string> wkb(given.n);
    std::vector<std::string> ids(given.n);
    for (std::size_t i = 0; i < given.n; ++i) {
        if (given.sizes[i] > 0) {
            require(given.wkb[i], "wkb[i]");
            wkb[i].assign(reinterpret_cast<const char*>(given.wkb[i]), given.sizes[i]);
        }
        if (given.ids != nullptr) {
            require(given.ids[i], "ids[i]");
        }
        ids[i] = given.ids == nullptr ? std::to_string(i) : std::string(given.ids[i]);
    }
    *handle = std::make_unique<Handle>(Handle{make(wkb, ids, given.crs)}).release();
}

/// The caller's options with defaults for what its version of the struct does not have.
tuban_options complete(const tuban_options* given) {
    tuban_options options{};
    options.struct_size = sizeof options;
    if (given != nullptr) {
        std::memcpy(&options, given, std::min(given->struct_size, sizeof options));
    }
    if (options.threads < 0) {
        throw tuban::Error(
            tuban::ErrorCode::invalid_argument,
            {"threads 不能为负", "threads must not be negative"}
        );
    }
    if (options.max_range_m == 0.0) {
        options.max_range_m = tuban::NearestOptions{}.max_range_m;
    }
    return options;
}

} // namespace

const char* tuban_version(void) {
    return tuban::version();
}

const char* tuban_status_name(tuban_status status) {
    return status == TUBAN_OK ? "ok" : tuban::name_of(static_cast<tuban::ErrorCode>(status));
}

// NOLINTBEGIN(readability-function-size): these signatures are the C contract.

tuban_status tuban_plots_from_wkb(
    size_t n,
    const unsigned char* const* wkb,
    const size_t* wkb_sizes,
    const char* const* ids,
    const char* crs,
    tuban_plots** plots,
    tuban_error* error
) {
    return guard(error, [&] {
        require(crs, "crs");
        require(plots, "plots");
        require(ids, "ids");
        make_handle({n, wkb, wkb_sizes, ids, crs}, tuban::plots_from_wkb, plots);
        return TUBAN_OK;
    });
}

size_t tuban_plots_count(const tuban_plots* plots) {
    return plots == nullptr ? 0 : plots->value.size();
}

int tuban_plots_state(const tuban_plots* plots, size_t row) {
    return plots == nullptr || row >= plots->value.size()
               ? -1
               : static_cast<int>(plots->value.states[row]);
}

void tuban_plots_free(tuban_plots* plots) {
    const std::unique_ptr<tuban_plots> owned(plots);
}

tuban_status tuban_layer_from_wkb(
    size_t n,
    const unsigned char* const* wkb,
    const size_t* wkb_sizes,
    const char* const* ids,
    const char* crs,
    tuban_layer** layer,
    tuban_error* error
) {
    return guard(error, [&] {
        require(crs, "crs");
        require(layer, "layer");
        make_handle({n, wkb, wkb_sizes, ids, crs}, tuban::layer_from_wkb, layer);
        return TUBAN_OK;
    });
}

size_t tuban_layer_count(const tuban_layer* layer) {
    return layer == nullptr ? 0 : layer->value.size();
}

void tuban_layer_free(tuban_layer* layer) {
    const std::unique_ptr<tuban_layer> owned(layer);
}

tuban_status tuban_area_m2(
    const tuban_plots* plots, tuban_area_method method, double* area_m2, tuban_error* error
) {
    return guard(error, [&] {
        require(plots, "plots");
        require(area_m2, "area_m2");
        if (method < TUBAN_AREA_SURVEY || method > TUBAN_AREA_GEODESIC) {
            throw tuban::Error(
                tuban::ErrorCode::invalid_argument,
                {"没有这种面积方法", "there is no such area method"}
            );
        }
        const std::vector<double> areas = tuban::area_m2(
            plots->value.geometry, plots->value.edge_crs, static_cast<tuban::AreaMethod>(method)
        );
        std::copy(areas.begin(), areas.end(), area_m2);
        return TUBAN_OK;
    });
}

tuban_status
tuban_perimeter_m(const tuban_plots* plots, double* perimeter_m, tuban_error* error) {
    return guard(error, [&] {
        require(plots, "plots");
        require(perimeter_m, "perimeter_m");
        const std::vector<double> lengths = tuban::perimeter_m(plots->value.geometry);
        std::copy(lengths.begin(), lengths.end(), perimeter_m);
        return TUBAN_OK;
    });
}

tuban_status tuban_nearest(
    const tuban_plots* plots,
    const tuban_layer* layer,
    double* distance_m,
    size_t* target,
    const tuban_options* options,
    tuban_progress progress,
    void* user,
    tuban_error* error
) {
    return guard(error, [&] {
        require(plots, "plots");
        require(layer, "layer");
        require(distance_m, "distance_m");
        const tuban_options all = complete(options);
        const auto found = tuban::nearest(
            plots->value.geometry,
            plots->value.edge_crs,
            layer->value,
            {all.max_range_m},
            tuban::c::execution_of(all.threads, progress, user)
        );
        for (std::size_t i = 0; i < found.size(); ++i) {
            distance_m[i] = found[i] ? found[i]->distance_m : missing;
            if (target != nullptr) {
                target[i] = found[i] ? found[i]->target : SIZE_MAX;
            }
        }
        return TUBAN_OK;
    });
}

tuban_status tuban_share_within(
    const tuban_plots* plots,
    const tuban_layer* layer,
    double within_m,
    double* share,
    const tuban_options* options,
    tuban_progress progress,
    void* user,
    tuban_error* error
) {
    return guard(error, [&] {
        require(plots, "plots");
        require(layer, "layer");
        require(share, "share");
        const tuban_options all = complete(options);
        const auto shares = tuban::share_within(
            plots->value.geometry,
            plots->value.edge_crs,
            layer->value,
            within_m,
            tuban::c::execution_of(all.threads, progress, user)
        );
        std::transform(
            shares.begin(),
            shares.end(),
            share,
            [](const std::optional<double>& value) { return value.value_or(missing); }
        );
        return TUBAN_OK;
    });
}

double
tuban_geodesic_distance_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg) {
    const bool good = std::abs(lat1_deg) <= 90 && std::abs(lat2_deg) <= 90 &&
                      std::isfinite(lon1_deg) && std::isfinite(lon2_deg);
    return good ? tuban::geodesic_distance_m({lon1_deg, lat1_deg}, {lon2_deg, lat2_deg})
                : missing;
}

// NOLINTEND(readability-function-size)
