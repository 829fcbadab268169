#include "io/gdal.hpp"

#include "core/format.hpp"
#include "io/text_encoding.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <gdal.h>

#include <mutex>

namespace tuban {
namespace {

void CPL_STDCALL keep_failure(CPLErr kind, CPLErrorNum /*number*/, const char* message) {
    if (kind >= CE_Failure) {
        static_cast<GdalScope*>(CPLGetErrorHandlerUserData())->note_failure(message);
    }
}

/// Stands in for every request GDAL would make: files may name addresses, and none is asked.
// NOLINTNEXTLINE(readability-function-size): GDAL says what it takes
CPLHTTPResult* refuse_request(
    const char* /*url*/,
    CSLConstList /*options*/,
    GDALProgressFunc /*progress*/,
    void* /*progress_data*/,
    CPLHTTPFetchWriteFunc /*write*/,
    void* /*write_data*/,
    void* /*data*/
) {
    auto* result = static_cast<CPLHTTPResult*>(CPLCalloc(1, sizeof(CPLHTTPResult)));
    result->nStatus = 1;
    result->pszErrBuf = CPLStrdup("no network");
    return result;
}

} // namespace

GdalScope::GdalScope() {
    static std::once_flag registered;
    std::call_once(registered, GDALAllRegister);
    CPLPushErrorHandlerEx(keep_failure, this);
    set("GDAL_PAM_ENABLED", "NO");  // no .aux.xml
    set("SHAPE_RESTORE_SHX", "NO"); // would write a .shx
    // Threads of the GeoPackage's stream keep their failures to themselves; before 3.8.2 they lost rows, too (gdal#9018).
    set("OGR_GPKG_NUM_THREADS", "1");
    set("OGR_XLSX_HEADERS", "FORCE"); // else a sheet of texts only has no header
    set("OGR_ODS_HEADERS", "FORCE");
    // No socket because of what a file says.
    CPLHTTPPushFetchCallback(refuse_request, nullptr);
    set("CPL_VSIL_CURL_ALLOWED_FILENAME",
        "/none"); // /vsicurl/ and its kin have a way of their own
    set("LIBKML_EXTERNAL_STYLE", "NO");
    set("OGR_SQLITE_ALLOW_EXTERNAL_ACCESS", "NO");
}

GdalScope::~GdalScope() {
    for (const auto& [name, value] : before_) {
        CPLSetThreadLocalConfigOption(name.c_str(), value.empty() ? nullptr : value.c_str());
    }
    CPLHTTPPopFetchCallback();
    CPLPopErrorHandler();
}

void GdalScope::note_failure(const char* message) {
    failure_ = to_utf8(message, "UTF-8");
}

void GdalScope::set(const std::string& name, const std::string& value) {
    const char* before = CPLGetThreadLocalConfigOption(name.c_str(), nullptr);
    before_.emplace_back(name, before == nullptr ? "" : before);
    CPLSetThreadLocalConfigOption(name.c_str(), value.c_str());
}

void silence_threads_of_gdal() {
    CPLSetErrorHandler(CPLQuietErrorHandler);
}

std::string sql_name(const std::string& name) {
    std::string result = "\"";
    for (const char c : name) {
        result += c == '"' ? "\"\"" : std::string(1, c);
    }
    return result + "\"";
}

Text said_by_gdal(const std::string& failure) {
    // Says nothing that the sentence does not, or speaks to whoever wrote GDAL.
    const bool empty = failure.empty() ||
                       failure.find("not recognized as") != std::string::npos ||
                       failure.find(".cpp") != std::string::npos ||
                       failure.find("configuration option") != std::string::npos;
    const std::size_t statement = failure.rfind("failed: "); // SQL before it helps nobody
    const std::string what =
        statement == std::string::npos ? failure : failure.substr(statement + 8);
    return empty ? Text{} : text("（GDAL: {}）", " (GDAL: {})", what);
}

} // namespace tuban
