#include "io_files.hpp"

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tuban_test {
namespace {

namespace fs = std::filesystem;

void add_feature(OGRLayerH layer, const LayerMade& made, const FeatureMade& feature) {
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    for (std::size_t i = 0; i < made.fields.size(); ++i) {
        if (!feature.second[i].empty()) {
            OGR_F_SetFieldString(row, static_cast<int>(i), feature.second[i].c_str());
        }
    }
    if (!feature.first.empty()) {
        std::string wkt = feature.first;
        char* text = wkt.data();
        OGRGeometryH geometry = nullptr;
        if (OGR_G_CreateFromWkt(&text, nullptr, &geometry) != OGRERR_NONE) {
            throw std::runtime_error("bad WKT " + feature.first);
        }
        OGR_F_SetGeometryDirectly(
            row, made.polygons ? OGR_G_ForceToMultiPolygon(geometry) : geometry
        );
    }
    if (OGR_L_CreateFeature(layer, row) != OGRERR_NONE) {
        throw std::runtime_error("cannot add a feature");
    }
    OGR_F_Destroy(row);
}

void add_layer(GDALDatasetH dataset, const LayerMade& made) {
    OGRSpatialReferenceH reference = nullptr;
    if (made.epsg != 0) {
        reference = OSRNewSpatialReference(nullptr);
        OSRImportFromEPSG(reference, made.epsg);
        OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
    } else if (!made.crs.empty()) {
        reference = OSRNewSpatialReference(nullptr);
        OSRSetFromUserInput(reference, made.crs.c_str());
    }
    std::vector<const char*> options;
    for (const std::string& option : made.options) {
        options.push_back(option.c_str());
    }
    options.push_back(nullptr);
    OGRLayerH layer = GDALDatasetCreateLayer(
        dataset,
        made.name.c_str(),
        reference,
        !made.geometry  ? wkbNone
        : made.polygons ? wkbMultiPolygon
                        : wkbUnknown,
        const_cast<char**>(options.data())
    );
    if (layer == nullptr) {
        throw std::runtime_error("cannot make layer " + made.name);
    }
    for (const FieldMade& field : made.fields) {
        OGRFieldDefnH definition = OGR_Fld_Create(
            field.name.c_str(),
            field.type == 'i'   ? OFTInteger64
            : field.type == 'r' ? OFTReal
                                : OFTString
        );
        OGR_L_CreateField(layer, definition, 1);
        OGR_Fld_Destroy(definition);
    }
    for (const FeatureMade& feature : made.features) {
        add_feature(layer, made, feature);
    }
    if (reference != nullptr) {
        OSRRelease(reference);
    }
}

} // namespace

Folder::Folder() {
    std::string pattern = (fs::temp_directory_path() / "tuban-io-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
}

Folder::~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

void Folder::write(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
}

void make(const std::string& file, const char* driver, const std::vector<LayerMade>& layers) {
    GDALAllRegister();
    GDALDriverH maker = GDALGetDriverByName(driver);
    GDALDatasetH dataset = GDALCreate(maker, file.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    if (dataset == nullptr) {
        throw std::runtime_error("cannot make " + file);
    }
    for (const LayerMade& layer : layers) {
        add_layer(dataset, layer);
    }
    GDALClose(dataset);
}

std::string bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string state_of(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(in), {}};
            files.push_back(
                entry.path().string() + "|" +
                std::to_string(entry.last_write_time().time_since_epoch().count()) + "|" + bytes
            );
        }
    }
    std::sort(files.begin(), files.end());
    std::string state;
    for (const std::string& file : files) {
        state += file + "\n";
    }
    return state;
}

} // namespace tuban_test
