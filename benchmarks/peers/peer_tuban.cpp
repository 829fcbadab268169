// tuban itself: plots and layer in longitude and latitude, distances on the ellipsoid.
#include <tuban/io.hpp>
#include <tuban/spatial.hpp>
#include <tuban/version.hpp>

#include "dialogue.hpp"
#include "geodesy/tile_transform.hpp"

#include <charconv>
#include <limits>
#include <span>
#include <string_view>

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

tuban::Geometry first_of(const tuban::Geometry& all, std::size_t features) {
    tuban::Geometry made;
    const auto cut = [](const std::vector<std::size_t>& offsets, std::size_t last) {
        return std::vector<std::size_t>(
            offsets.begin(), offsets.begin() + static_cast<std::ptrdiff_t>(last) + 1
        );
    };
    made.feature_offsets = cut(all.feature_offsets, features);
    made.part_offsets = cut(all.part_offsets, made.feature_offsets.back());
    made.ring_offsets = cut(all.ring_offsets, made.part_offsets.back());
    const auto vertices = static_cast<std::ptrdiff_t>(made.ring_offsets.back());
    made.lon_deg.assign(all.lon_deg.begin(), all.lon_deg.begin() + vertices);
    made.lat_deg.assign(all.lat_deg.begin(), all.lat_deg.begin() + vertices);
    made.kinds.assign(
        all.kinds.begin(), all.kinds.begin() + static_cast<std::ptrdiff_t>(features)
    );
    return made;
}

/// "P00000012" → 12
double number_of(std::string_view id) {
    double number = nothing;
    std::from_chars(id.data() + 1, id.data() + id.size(), number);
    return number;
}

class Tuban final : public peers::Peer {
public:
    Tuban() { one_.threads = 1; }

    [[nodiscard]] std::string version() const override {
        return std::string("tuban ") + tuban::version();
    }

    void load(const std::string& folder) override {
        tuban::PlotsSpec plots;
        plots.source.file = folder + "/plots.gpkg";
        plots.source.layer = "plots";
        plots.fields.id = {"id"};
        plots_ = tuban::read_plots(plots, "", one_).plots;
        tuban::LayerSpec layer;
        layer.key = "layer";
        layer.id = "id";
        layer.source.file = folder + "/layer.gpkg";
        layer.source.layer = "layer";
        layer_ = tuban::open_layer(layer, "").source->all();
        take(plots_.size());
    }

    void load_vertices(const std::string& folder) override {
        vertices_ = peers::read_vertices(folder);
    }

    void take(std::size_t plots) override {
        taken_ = first_of(plots_.geometry, plots);
        ids_.assign(
            plots_.ids.begin(), plots_.ids.begin() + static_cast<std::ptrdiff_t>(plots)
        );
        all_.assign(plots, 1);
    }

    std::vector<double> nearest() override {
        std::vector<double> answer;
        answer.reserve(taken_.size());
        for (const auto& found : tuban::nearest(taken_, plots_.edge_crs, layer_, {}, one_)) {
            answer.push_back(found ? found->distance_m : nothing);
        }
        return answer;
    }

    std::vector<double> share(double within_m) override {
        std::vector<double> answer;
        answer.reserve(taken_.size());
        for (const auto& found :
             tuban::share_within(taken_, plots_.edge_crs, layer_, within_m, one_)) {
            answer.push_back(found.value_or(nothing));
        }
        return answer;
    }

    std::vector<double> clusters(double within_m) override {
        std::vector<double> answer;
        answer.reserve(taken_.size());
        tuban::ClusterOptions options;
        options.within_m = within_m;
        options.take = all_;
        for (const auto& name :
             tuban::clusters(taken_, plots_.edge_crs, ids_, options, one_).ids) {
            answer.push_back(name ? number_of(*name) : nothing);
        }
        return answer;
    }

    std::vector<double> transform() override {
        tuban::TileTransform tiles(tuban::parse_crs(vertices_.plane), tuban::layer_bound_m);
        std::vector<double> answer = vertices_.x_then_y_m;
        const std::span<double> all(answer);
        tiles.to_lonlat(all.first(all.size() / 2), all.last(all.size() / 2));
        return answer;
    }

private:
    tuban::Execution one_;
    tuban::Plots plots_;
    tuban::Layer layer_;
    tuban::Geometry taken_;
    std::vector<std::string> ids_;
    std::vector<std::uint8_t> all_;
    peers::Vertices vertices_;
};

} // namespace

int main() {
    Tuban peer;
    return peers::serve(peer);
}
