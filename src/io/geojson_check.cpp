#include "io/geojson_check.hpp"

#include "core/format.hpp"
#include "io/gdal.hpp"
#include "io/handles.hpp"
#include "io/row_words.hpp"

#include <cpl_vsi.h>
#include <nlohmann/json.hpp>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

namespace tuban {
namespace {

using Json = nlohmann::json;
using File = std::unique_ptr<VSILFILE, CloseWith<&VSIFCloseL>>;

/// Bytes of a file, piece by piece.
class FileBytes {
public:
    explicit FileBytes(const std::string& name) : file_(VSIFOpenL(name.c_str(), "rb")) {
        fill();
        if (size_ >= 3 && std::string_view(buffer_).starts_with("\xEF\xBB\xBF")) {
            at_ = 3;
        }
    }

    [[nodiscard]] bool at_end() const { return at_ == size_; }

    [[nodiscard]] const char& current() const { return buffer_[at_]; }

    void advance() {
        if (++at_ == size_) {
            fill();
        }
    }

private:
    void fill() {
        constexpr std::size_t piece = 1U << 18U;
        buffer_.resize(piece);
        size_ = file_ ? VSIFReadL(buffer_.data(), 1, piece, file_.get()) : 0;
        at_ = 0;
    }

    File file_;
    std::string buffer_;
    std::size_t size_ = 0;
    std::size_t at_ = 0;
};

/// For the parser, which reads each byte once.
class ByteIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    ByteIterator() = default;

    explicit ByteIterator(FileBytes& bytes) : bytes_(&bytes) {}

    reference operator*() const { return bytes_->current(); }

    ByteIterator& operator++() {
        bytes_->advance();
        return *this;
    }

    bool operator==(const ByteIterator& other) const { return ended() == other.ended(); }

    bool operator!=(const ByteIterator& other) const { return !(*this == other); }

private:
    [[nodiscard]] bool ended() const { return bytes_ == nullptr || bytes_->at_end(); }

    FileBytes* bytes_ = nullptr;
};

enum class Value { null, text, object, array, other };

/// Goes through a feature collection and keeps what findings are made of.
class Skeleton final : public nlohmann::json_sax<Json> {
public:
    std::vector<bool> drawn;
    std::vector<std::size_t> dropped; ///< entries of "features" that are no objects, from 0
    std::optional<Value> crs;
    std::string crs_type;
    std::string crs_name;
    std::string crs_link;

    bool null() override { return scalar(Value::null, ""); }

    bool boolean(bool /*value*/) override { return scalar(Value::other, ""); }

    bool number_integer(number_integer_t /*value*/) override {
        return scalar(Value::other, "");
    }

    bool number_unsigned(number_unsigned_t /*value*/) override {
        return scalar(Value::other, "");
    }

    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
        return scalar(Value::other, "");
    }

    bool string(string_t& value) override { return scalar(Value::text, value); }

    bool binary(binary_t& /*value*/) override { return scalar(Value::other, ""); }

    bool start_object(std::size_t /*size*/) override { return open(Value::object); }

    bool end_object() override { return close(); }

    bool start_array(std::size_t /*size*/) override { return open(Value::array); }

    bool end_array() override { return close(); }

    bool key(string_t& value) override {
        if (depth_ <= keys_.size()) {
            keys_.at(depth_ - 1) = value;
        }
        return true;
    }

    bool parse_error(
        std::size_t /*at*/,
        const std::string& /*token*/,
        const nlohmann::detail::exception& /*e*/
    ) override {
        return false;
    }

private:
    /// A collection's geometries are at features / [entry] / geometry / coordinates.
    static constexpr std::size_t coordinates_depth = 4;

    [[nodiscard]] bool in_geometry() const {
        return keys_[0] == "features" && keys_[2] == "geometry";
    }

    bool open(Value kind) {
        look_at(kind, "");
        ++depth_;
        if (depth_ <= keys_.size()) {
            keys_.at(depth_ - 1).clear();
        }
        return true;
    }

    bool close() {
        --depth_;
        return true;
    }

    bool scalar(Value kind, const std::string& text) {
        look_at(kind, text);
        return true;
    }

    void look_at(Value kind, const std::string& text) {
        if (keys_[0] == "crs") {
            note_crs(kind, text);
        } else if (depth_ == 2 && keys_[0] == "features") {
            if (kind == Value::object) {
                drawn.push_back(false);
            } else {
                dropped.push_back(entries_);
            }
            ++entries_;
        } else if (depth_ >= 3 && in_geometry() && !drawn.empty()) {
            note_geometry(kind);
        }
    }

    void note_crs(Value kind, const std::string& text) {
        if (depth_ == 1) {
            crs = kind;
        } else if (depth_ == 2 && keys_[1] == "type") {
            crs_type = text;
        } else if (depth_ == 3 && keys_[1] == "properties" && keys_[2] == "name") {
            crs_name = text;
        } else if (depth_ == 3 && keys_[1] == "properties" && keys_[2] == "href") {
            crs_link = text;
        }
    }

    /// Anything but null, an object, or empty arrays within it.
    void note_geometry(Value kind) {
        const bool coordinates = keys_[3] == "coordinates" || keys_[3] == "geometries";
        const bool there = (depth_ == 3 && kind != Value::null && kind != Value::object) ||
                           (depth_ == coordinates_depth && coordinates && kind != Value::null &&
                            kind != Value::array) ||
                           (depth_ > coordinates_depth && coordinates && kind != Value::array);
        drawn.back() = drawn.back() || there;
    }

    std::array<std::string, coordinates_depth> keys_;
    std::size_t depth_ = 0;
    std::size_t entries_ = 0;
};

bool is_known_crs(const std::string& name) {
    const GdalScope quiet;
    OGRSpatialReference reference;
    // No file, no network.
    CSLConstList limits = OGRSpatialReference::SET_FROM_USER_INPUT_LIMITATIONS_get();
    return reference.SetFromUserInput(name.c_str(), limits) == OGRERR_NONE;
}

std::optional<Text> refused_crs(const Skeleton& found) {
    if (!found.crs || *found.crs == Value::null) {
        return std::nullopt; // WGS 84 by RFC 7946
    }
    if (found.crs_type == "link") {
        return text(
            "文件用链接 {} 说明坐标系，不去网上读取",
            "the file gives its coordinate system as the link {}, and no network is asked",
            found.crs_link
        );
    }
    const bool named = found.crs_type == "name";
    if (*found.crs == Value::object && (!named || is_known_crs(found.crs_name))) {
        return std::nullopt;
    }
    return text(
        "不认识文件里写的坐标系“{}”（crs）",
        "the coordinate system \"{}\" that the file names (crs) is not known",
        named ? found.crs_name : "?"
    );
}

Issue dropped_issue(const Skeleton& found) {
    Issue issue;
    issue.severity = Severity::error;
    issue.code = "features_dropped";
    issue.message = text(
        "features 的 {0} 项里有 {1} 项（第 {2} 项）是空值或文字，不是要素，没有读入",
        "{1} of the {0} entries of \"features\" are null or text and no features: they were "
        "not "
        "read (entries {2})",
        found.drawn.size() + found.dropped.size(),
        found.dropped.size(),
        row_list(found.dropped)
    );
    return issue;
}

} // namespace

GeoJsonFindings check_geojson(const std::string& name) {
    FileBytes bytes(name);
    Skeleton found;
    GeoJsonFindings findings;
    findings.whole = Json::sax_parse(
        ByteIterator(bytes), ByteIterator(), &found, nlohmann::detail::input_format_t::json
    );
    findings.crs_refused = refused_crs(found);
    if (!found.dropped.empty()) {
        findings.issues.push_back(dropped_issue(found));
    }
    findings.drawn = std::move(found.drawn);
    return findings;
}

} // namespace tuban
