#include "core/format.hpp"
#include "io/crs_words.hpp"
#include "io/sha256.hpp"
#include "io/source.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tuban {
namespace {

/// Formats of heights that keep to one file and write nothing on reading.
constexpr std::array<const char*, 16> raster_drivers{
    "GTiff",
    "COG",
    "HFA",
    "AAIGrid",
    "SRTMHGT",
    "ENVI",
    "EHdr",
    "GPKG",
    "USGSDEM",
    "DTED",
    "XYZ",
    "GSAG",
    "GSBG",
    "RST",
    "SAGA",
    "PNG"};

constexpr double void_height = -32768.0; ///< of SRTM, declared or not

class GdalRasterSource final : public RasterSource {
public:
    GdalRasterSource(Dataset dataset, FileSpec spec, std::string crs)
        : dataset_(std::move(dataset)), spec_(std::move(spec)), crs_(std::move(crs)),
          band_(GDALGetRasterBand(dataset_.get(), 1)) {
        int given = 0;
        const double nodata = GDALGetRasterNoDataValue(band_, &given);
        if (given != 0) {
            nodata_ = nodata;
        }
        const double scale = GDALGetRasterScale(band_, &given);
        scale_ = given != 0 && scale != 0.0 ? scale : 1.0;
        const double offset = GDALGetRasterOffset(band_, &given);
        offset_ = given != 0 ? offset : 0.0;
        masked_ = (GDALGetMaskFlags(band_) & GMF_PER_DATASET) != 0;
        GDALGetGeoTransform(dataset_.get(), geo_transform_.data());
    }

    [[nodiscard]] int columns() const override { return GDALGetRasterBandXSize(band_); }

    [[nodiscard]] int rows() const override { return GDALGetRasterBandYSize(band_); }

    [[nodiscard]] std::array<double, 6> geo_transform() const override {
        return geo_transform_;
    }

    [[nodiscard]] const std::string& crs() const override { return crs_; }

    std::vector<double> read(const RasterWindow& window) override {
        GdalScope gdal;
        const std::size_t cells =
            static_cast<std::size_t>(window.columns) * static_cast<std::size_t>(window.rows);
        std::vector<double> values(cells);
        load(band_, GDT_Float64, window, values.data(), gdal);
        if (masked_) {
            std::vector<unsigned char> mask(cells);
            load(GDALGetMaskBand(band_), GDT_Byte, window, mask.data(), gdal);
            for (std::size_t i = 0; i < cells; ++i) {
                values[i] = mask[i] == 0 ? missing : values[i];
            }
        }
        for (double& value : values) {
            value = is_void(value) ? missing : value * scale_ + offset_;
        }
        return values;
    }

private:
    static constexpr double missing = std::numeric_limits<double>::quiet_NaN();

    [[nodiscard]] bool is_void(double value) const {
        if (!std::isfinite(value) || value == void_height) {
            return true;
        }
        // Of a Float32 band the value declared in decimal digits need not be the one stored.
        return nodata_ &&
               (value == *nodata_ || static_cast<float>(value) == static_cast<float>(*nodata_));
    }

    void load(
        GDALRasterBandH band,
        GDALDataType type,
        const RasterWindow& window,
        void* into,
        const GdalScope& gdal
    ) const {
        const CPLErr done = GDALRasterIO(
            band,
            GF_Read,
            window.column,
            window.row,
            window.columns,
            window.rows,
            into,
            window.columns,
            window.rows,
            type,
            0,
            0
        );
        if (done != CE_None) {
            throw_unreadable(
                spec_,
                text(
                    "第 {0} 行、第 {1} 列起的格网读不出（{2}）；请取得完整的文件",
                    "cells from row {0}, column {1} on cannot be read ({2}); get a whole copy",
                    window.row + 1,
                    window.column + 1,
                    gdal.failure()
                )
            );
        }
    }

    Dataset dataset_;
    FileSpec spec_;
    std::string crs_;
    GDALRasterBandH band_;
    std::optional<double> nodata_;
    double scale_ = 1.0;
    double offset_ = 0.0;
    bool masked_ = false;
    std::array<double, 6> geo_transform_{0, 1, 0, 0, 0, 1};
};

Dataset open_raster(const std::string& name, const FileSpec& spec, const GdalScope& gdal) {
    StringList drivers;
    for (const char* driver : raster_drivers) {
        if (GDALGetDriverByName(driver) != nullptr) {
            drivers.reset(CSLAddString(drivers.release(), driver));
        }
    }
    Dataset dataset(GDALOpenEx(
        name.c_str(),
        GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
        drivers.get(),
        nullptr,
        nullptr
    ));
    if (!dataset || GDALGetRasterCount(dataset.get()) < 1) {
        throw_unreadable(
            spec,
            text(
                "不是可读的栅格（{}）；应为 GeoTIFF、IMG、ASC、HGT 等",
                "it is no raster that can be read ({}); expected GeoTIFF, IMG, ASC, HGT or the "
                "like",
                gdal.failure()
            )
        );
    }
    return dataset;
}

void require_place(const Dataset& dataset, const FileSpec& spec) {
    std::array<double, 6> transform{};
    if (GDALGetGeoTransform(dataset.get(), transform.data()) != CE_None) {
        throw_unreadable(
            spec,
            {"栅格没有坐标定位（左上角坐标和格网大小）",
             "the raster has no georeference (corner and cell size)"}
        );
    }
    if (GDALGetSpatialRef(dataset.get()) == nullptr && !spec.crs) {
        throw_unreadable(
            spec,
            {"栅格没有坐标系；请查明后写在项目文件 elevation: 的 crs: 里，例如 EPSG:4490",
             "the raster has no coordinate system; find out which it is and write it as crs: "
             "under elevation: in a project file, such as EPSG:4490"}
        );
    }
}

/// Cells all over the raster.
Places places_of(const Dataset& dataset) {
    std::array<double, 6> transform{};
    GDALGetGeoTransform(dataset.get(), transform.data());
    Places places;
    for (const double u : {0.1, 0.5, 0.9}) {
        for (const double v : {0.1, 0.5, 0.9}) {
            double x = 0.0;
            double y = 0.0;
            GDALApplyGeoTransform(
                transform.data(),
                u * GDALGetRasterXSize(dataset.get()),
                v * GDALGetRasterYSize(dataset.get()),
                &x,
                &y
            );
            places.x.push_back(x);
            places.y.push_back(y);
            places.rows.push_back(places.rows.size());
        }
    }
    return places;
}

} // namespace

RasterOpened open_elevation(const ElevationSpec& spec, const std::string& folder) {
    GdalScope gdal;
    const std::string path = local_path(spec.source, folder);
    const std::string name = gdal_name(
        path,
        spec.source,
        {".tif",
         ".tiff",
         ".img",
         ".asc",
         ".hgt",
         ".bil",
         ".flt",
         ".dem",
         ".dt0",
         ".dt1",
         ".dt2"},
        Want::geometry
    );
    Dataset dataset = open_raster(name, spec.source, gdal);
    require_place(dataset, spec.source);
    const JudgedCrs crs =
        crs_of_raster(GDALGetSpatialRef(dataset.get()), spec.source, places_of(dataset));
    RasterOpened opened;
    opened.input.role = "elevation";
    opened.input.file = spec.source.file;
    opened.input.rows = GDALGetRasterYSize(dataset.get());
    opened.input.crs = words_of(crs.crs);
    opened.input.crs_because = crs.because;
    opened.input.sha256 = sha256_of_files(member_files(path));
    opened.source =
        std::make_unique<GdalRasterSource>(std::move(dataset), spec.source, crs.crs.definition);
    return opened;
}

} // namespace tuban
