#include "spatial/wkb.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

namespace tuban {
namespace {

constexpr int deepest = 32; ///< collections within collections: real ones nest once or twice

struct Part {
    GeometryKind kind = GeometryKind::none;
    std::vector<RawRing> rings;
};

/// Reads one geometry; every count is checked against the bytes that are left before anything is reserved.
class WkbReader {
public:
    WkbReader(std::string_view bytes, WkbOwner owner) : bytes_(bytes), owner_(owner) {}

    RawGeometry read() {
        geometry(0);
        if (at_ != bytes_.size()) {
            fail("末尾有多余的字节", "bytes follow its end");
        }
        return gather();
    }

private:
    struct Head {
        std::uint32_t kind = 0;
        std::size_t dimensions = 2;
    };

    [[noreturn]] void fail(std::string_view zh, std::string_view en) const {
        throw Error(
            ErrorCode::unreadable_input,
            text(
                "{0}：几何不是可读的 WKB（第 {1} 字节：{2}），应为 ISO WKB 或 EWKB "
                "的点、线、面",
                "{0}: its geometry is no readable WKB (byte {1}: {3}); expected points, lines "
                "or "
                "polygons in ISO WKB or EWKB",
                format("{} ({})", owner_.id, owner_.row),
                at_,
                zh,
                en
            )
        );
    }

    template <class T>
    T number() {
        if (bytes_.size() - at_ < sizeof(T)) {
            fail("字节不够", "it ends too early");
        }
        return known_number<T>();
    }

    /// A number whose bytes are known to be there.
    template <class T>
    T known_number() {
        std::array<char, sizeof(T)> raw{};
        std::copy_n(bytes_.data() + at_, sizeof(T), raw.begin());
        if (swap_) {
            std::reverse(raw.begin(), raw.end());
        }
        at_ += sizeof(T);
        return std::bit_cast<T>(raw);
    }

    std::size_t count(std::size_t least_size) {
        const std::size_t n = number<std::uint32_t>();
        if (n > (bytes_.size() - at_) / least_size) {
            fail("个数超过剩余字节", "a count is larger than the bytes that are left");
        }
        return n;
    }

    Head head() {
        const auto order = number<std::uint8_t>();
        if (order > 1) {
            fail("字节序应为 0 或 1", "byte order must be 0 or 1");
        }
        swap_ = (order == 1) != (std::endian::native == std::endian::little);
        const auto type = number<std::uint32_t>();
        const std::uint32_t iso = type & 0x0FFFFFFFU;
        Head head{iso % 1000, 2};
        const std::uint32_t thousands = iso / 1000;
        if (thousands > 3) {
            fail("未知的几何类型", "unknown geometry type");
        }
        const bool has_z = (type & 0x80000000U) != 0 || thousands == 1 || thousands == 3;
        const bool has_m = (type & 0x40000000U) != 0 || thousands >= 2;
        head.dimensions = 2U + (has_z ? 1U : 0U) + (has_m ? 1U : 0U);
        if ((type & 0x20000000U) != 0) {
            static_cast<void>(number<std::uint32_t>()); // EWKB's SRID: the caller's CRS counts
        }
        return head;
    }

    RawRing vertices(std::size_t n, std::size_t dimensions) {
        if ((bytes_.size() - at_) / (dimensions * sizeof(double)) < n) {
            fail("字节不够", "it ends too early");
        }
        RawRing ring;
        ring.x.resize(n);
        ring.y.resize(n);
        for (std::size_t i = 0; i < n; ++i) {
            ring.x[i] = known_number<double>();
            ring.y[i] = known_number<double>();
            at_ += (dimensions - 2) * sizeof(double);
        }
        dropped_ = dropped_ || dimensions > 2;
        return ring;
    }

    void point(std::size_t dimensions) {
        RawRing ring = vertices(1, dimensions);
        if (!std::isnan(ring.x[0]) || !std::isnan(ring.y[0])) { // NaN NaN is POINT EMPTY
            parts_.push_back({GeometryKind::point, {std::move(ring)}});
        }
    }

    void line(std::size_t dimensions) {
        const std::size_t n = count(8 * dimensions);
        if (n > 0) {
            parts_.push_back({GeometryKind::line, {vertices(n, dimensions)}});
        }
    }

    void polygon(std::size_t dimensions) {
        const std::size_t n = count(4);
        Part part{GeometryKind::polygon, {}};
        for (std::size_t i = 0; i < n; ++i) {
            RawRing ring = vertices(count(8 * dimensions), dimensions);
            if (!ring.x.empty()) {
                part.rings.push_back(std::move(ring));
            }
        }
        if (!part.rings.empty()) {
            parts_.push_back(std::move(part));
        }
    }

    // Nested collections: the depth is limited.
    void geometry(int depth) { // NOLINT(misc-no-recursion)
        if (depth > deepest) {
            fail("嵌套过深", "nested too deeply");
        }
        const Head head = this->head();
        if (head.kind == 1) {
            return point(head.dimensions);
        }
        if (head.kind == 2) {
            return line(head.dimensions);
        }
        if (head.kind == 3) {
            return polygon(head.dimensions);
        }
        if (head.kind < 4 || head.kind > 7) {
            fail(
                "曲线、三角网等类型不支持，请先转为折线",
                "curves, surfaces and the like are not supported: make them straight first"
            );
        }
        const std::size_t n = count(9);
        for (std::size_t i = 0; i < n; ++i) {
            geometry(depth + 1);
        }
    }

    RawGeometry gather() {
        RawGeometry result;
        result.dimensions_dropped = dropped_;
        for (const Part& part : parts_) {
            result.kind = std::max(result.kind, part.kind);
        }
        for (Part& part : parts_) {
            if (part.kind != result.kind) {
                result.mixed = true;
                continue;
            }
            std::move(
                part.rings.begin(), part.rings.end(), std::back_inserter(result.parts.rings)
            );
            result.parts.part_offsets.push_back(result.parts.rings.size());
        }
        return result;
    }

    std::string_view bytes_;
    WkbOwner owner_;
    std::size_t at_ = 0;
    bool swap_ = false;
    bool dropped_ = false;
    std::vector<Part> parts_;
};

/// Little-endian ISO WKB.
class WkbWriter {
public:
    void head(std::uint32_t kind, std::size_t n) {
        bytes_.push_back(1);
        number(kind);
        number(static_cast<std::uint32_t>(n));
    }

    void point(double x, double y) {
        bytes_.push_back(1);
        number(std::uint32_t{1});
        vertex(x, y);
    }

    void vertex(double x, double y) {
        number(x);
        number(y);
    }

    void count(std::size_t n) { number(static_cast<std::uint32_t>(n)); }

    std::string take() { return std::move(bytes_); }

private:
    template <class T>
    void number(T value) {
        auto raw = std::bit_cast<std::array<char, sizeof(T)>>(value);
        if constexpr (std::endian::native != std::endian::little) {
            std::reverse(raw.begin(), raw.end());
        }
        bytes_.append(raw.data(), raw.size());
    }

    std::string bytes_;
};

void write_part(WkbWriter& out, const Geometry& geometry, GeometryKind kind, std::size_t part) {
    const std::size_t ring_begin = geometry.part_offsets[part];
    const std::size_t ring_end = geometry.part_offsets[part + 1];
    if (kind == GeometryKind::point) {
        const std::size_t v = geometry.ring_offsets[ring_begin];
        return out.point(geometry.lon_deg[v], geometry.lat_deg[v]);
    }
    const bool polygon = kind == GeometryKind::polygon;
    if (polygon) {
        out.head(3, ring_end - ring_begin);
    }
    for (std::size_t ring = ring_begin; ring < ring_end; ++ring) {
        const std::size_t begin = geometry.ring_offsets[ring];
        const std::size_t end = geometry.ring_offsets[ring + 1];
        if (polygon) {
            out.count(end - begin + 1);
        } else {
            out.head(2, end - begin);
        }
        for (std::size_t v = begin; v < end; ++v) {
            out.vertex(geometry.lon_deg[v], geometry.lat_deg[v]);
        }
        if (polygon) {
            out.vertex(geometry.lon_deg[begin], geometry.lat_deg[begin]);
        }
    }
}

} // namespace

RawGeometry parse_wkb(std::string_view bytes, WkbOwner owner) {
    return WkbReader(bytes, owner).read();
}

std::vector<std::string> to_wkb(const Geometry& geometry) {
    std::vector<std::string> result(geometry.size());
    for (std::size_t i = 0; i < geometry.size(); ++i) {
        const GeometryKind kind = geometry.kinds[i];
        if (kind == GeometryKind::none) {
            continue;
        }
        const std::size_t begin = geometry.feature_offsets[i];
        const std::size_t end = geometry.feature_offsets[i + 1];
        WkbWriter out;
        out.head(3U + static_cast<std::uint32_t>(kind), end - begin); // 4, 5, 6: Multi…
        for (std::size_t part = begin; part < end; ++part) {
            write_part(out, geometry, kind, part);
        }
        result[i] = out.take();
    }
    return result;
}

} // namespace tuban
