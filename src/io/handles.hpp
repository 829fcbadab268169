#pragma once
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <memory>

/// GDAL's C handles with their ends.
namespace tuban {

template <auto Close>
struct CloseWith {
    template <class T>
    void operator()(T* handle) const noexcept {
        Close(handle);
    }
};

using Dataset = std::unique_ptr<void, CloseWith<&GDALClose>>;
using Feature = std::unique_ptr<void, CloseWith<&OGR_F_Destroy>>;
using OgrGeometry = std::unique_ptr<void, CloseWith<&OGR_G_DestroyGeometry>>;
using SpatialReference = std::unique_ptr<void, CloseWith<&OSRRelease>>;
using StringList = std::unique_ptr<char*, CloseWith<&CSLDestroy>>;
using CplText = std::unique_ptr<char, CloseWith<&VSIFree>>;
static_assert(sizeof(Dataset) == sizeof(void*));

} // namespace tuban
