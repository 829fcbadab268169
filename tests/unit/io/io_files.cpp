#include "io_files.hpp"

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
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

std::string little_endian(std::size_t value, std::size_t bytes) {
    std::string result;
    for (std::size_t i = 0; i < bytes; ++i) {
        result += static_cast<char>((value >> (8U * i)) & 0xFFU);
    }
    return result;
}

std::string dbf_bytes(
    const std::vector<DbfFieldMade>& fields, const std::vector<DbfRowMade>& rows, char language
) {
    std::size_t record = 1;
    for (const DbfFieldMade& field : fields) {
        record += field.width;
    }
    std::string bytes = "\x03\x7A\x01\x01" + little_endian(rows.size(), 4) +
                        little_endian(32 + 32 * fields.size() + 1, 2) +
                        little_endian(record, 2) + std::string(17, '\0') + language +
                        std::string(2, '\0');
    for (const DbfFieldMade& field : fields) {
        std::string name = field.name.substr(0, 10);
        name.resize(11, '\0');
        bytes += name + field.type + std::string(4, '\0') + little_endian(field.width, 1) +
                 little_endian(field.decimals, 1) + std::string(14, '\0');
    }
    bytes += '\r';
    for (const DbfRowMade& row : rows) {
        bytes += row.deleted ? '*' : ' ';
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const std::string cell = row.cells[i].substr(0, fields[i].width);
            const std::string blanks(fields[i].width - cell.size(), ' ');
            bytes += fields[i].type == 'C' ? cell + blanks : blanks + cell;
        }
    }
    return bytes + '\x1A';
}

ShapesMade square_shapes(const std::vector<std::pair<double, double>>& corners, double size) {
    const auto big_endian = [](std::size_t value) {
        std::string bytes = little_endian(value, 4);
        std::reverse(bytes.begin(), bytes.end());
        return bytes;
    };
    const auto doubles = [](const std::vector<double>& values) {
        std::string bytes(values.size() * sizeof(double), '\0');
        std::memcpy(bytes.data(), values.data(), bytes.size());
        return bytes;
    };
    std::string records;
    std::string entries;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const auto [x, y] = corners[i];
        const double east = x + size;
        const double north = y + size;
        const std::string shape = little_endian(5, 4) + doubles({x, y, east, north}) +
                                  little_endian(1, 4) + little_endian(5, 4) +
                                  little_endian(0, 4) +
                                  doubles({x, y, x, north, east, north, east, y, x, y});
        const std::string length = big_endian(shape.size() / 2);
        entries += big_endian((100 + records.size()) / 2) + length;
        records += big_endian(i + 1) + length + shape;
    }
    const auto file = [&](const std::string& body) {
        return big_endian(9994) + std::string(20, '\0') + big_endian((100 + body.size()) / 2) +
               little_endian(1000, 4) + little_endian(5, 4) + std::string(64, '\0') + body;
    };
    return {file(records), file(entries)};
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
