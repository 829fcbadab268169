// GEOS by its C++ interface, in the plane: IndexedFacetDistance over the whole layer, and prepared plots that are joined while
// they are not yet known to belong together.
#include "dialogue.hpp"

#include <gdal.h>
#include <geos/geom/Geometry.h>
#include <geos/geom/GeometryFactory.h>
#include <geos/geom/prep/PreparedGeometryFactory.h>
#include <geos/index/strtree/TemplateSTRtree.h>
#include <geos/io/WKBReader.h>
#include <geos/operation/distance/IndexedFacetDistance.h>
#include <geos/version.h>
#include <ogr_api.h>

#include <algorithm>
#include <memory>
#include <numeric>

namespace {

using Shape = std::unique_ptr<geos::geom::Geometry>;

std::vector<Shape> read(const std::string& path) {
    GDALDatasetH data = GDALOpenEx(path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
    if (data == nullptr) {
        throw std::runtime_error("cannot open " + path);
    }
    OGRLayerH layer = GDALDatasetGetLayer(data, 0);
    geos::io::WKBReader reader(*geos::geom::GeometryFactory::getDefaultInstance());
    std::vector<Shape> shapes;
    std::vector<unsigned char> wkb;
    for (OGRFeatureH row = OGR_L_GetNextFeature(layer); row != nullptr;
         row = OGR_L_GetNextFeature(layer)) {
        OGRGeometryH shape = OGR_F_GetGeometryRef(row);
        wkb.resize(static_cast<std::size_t>(OGR_G_WkbSize(shape)));
        OGR_G_ExportToIsoWkb(shape, wkbNDR, wkb.data());
        shapes.push_back(reader.read(wkb.data(), wkb.size()));
        OGR_F_Destroy(row);
    }
    GDALClose(data);
    return shapes;
}

/// Union-find over rows; a set is known by its smallest row.
class Sets {
public:
    explicit Sets(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), 0);
    }

    std::size_t of(std::size_t row) {
        while (parent_[row] != row) {
            parent_[row] = parent_[parent_[row]];
            row = parent_[row];
        }
        return row;
    }

    void join(std::size_t a, std::size_t b) {
        a = of(a);
        b = of(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> parent_;
};

class Geos final : public peers::Peer {
public:
    [[nodiscard]] std::string version() const override { return "GEOS " GEOS_VERSION; }

    void load(const std::string& folder) override {
        plots_ = read(folder + "/plots_plane.gpkg");
        layer_ = geos::geom::GeometryFactory::getDefaultInstance()->createGeometryCollection(
            read(folder + "/layer_plane.gpkg")
        );
        taken_ = plots_.size();
    }

    void take(std::size_t plots) override { taken_ = plots; }

    std::vector<double> nearest() override {
        const geos::operation::distance::IndexedFacetDistance index(layer_.get());
        std::vector<double> answer(taken_);
        for (std::size_t row = 0; row < taken_; ++row) {
            answer[row] = index.distance(plots_[row].get());
        }
        return answer;
    }

    std::vector<double> clusters(double within_m) override {
        geos::index::strtree::TemplateSTRtree<std::size_t> tree(10, taken_);
        for (std::size_t row = 0; row < taken_; ++row) {
            tree.insert(*plots_[row]->getEnvelopeInternal(), row);
        }
        Sets sets(taken_);
        for (std::size_t row = 0; row < taken_; ++row) {
            std::unique_ptr<geos::geom::prep::PreparedGeometry> prepared;
            geos::geom::Envelope near = *plots_[row]->getEnvelopeInternal();
            near.expandBy(within_m);
            tree.query(near, [&](std::size_t other) {
                if (other <= row || sets.of(other) == sets.of(row)) {
                    return;
                }
                if (!prepared) {
                    prepared =
                        geos::geom::prep::PreparedGeometryFactory::prepare(plots_[row].get());
                }
                if (prepared->isWithinDistance(plots_[other].get(), within_m)) {
                    sets.join(row, other);
                }
            });
        }
        std::vector<double> answer(taken_);
        for (std::size_t row = 0; row < taken_; ++row) {
            answer[row] = static_cast<double>(sets.of(row));
        }
        return answer;
    }

private:
    std::vector<Shape> plots_;
    Shape layer_;
    std::size_t taken_ = 0;
};

} // namespace

int main() {
    GDALAllRegister();
    Geos peer;
    return peers::serve(peer);
}
