#include "arrow.hpp"

#include "values.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace nb = nanobind;

namespace tuban::python {
namespace {

constexpr std::int64_t nullable = 2; // ARROW_FLAG_NULLABLE

// ---- out ----

/// A field of the schema with all that it points at.
struct SchemaOwner {
    std::string format;
    std::string name;
    std::string metadata;
    std::vector<ArrowSchema> children;
    std::vector<ArrowSchema*> pointers;
};

/// An array with all that it points at. 64-bit words keep buffers aligned.
struct ArrayOwner {
    std::vector<std::vector<std::int64_t>> buffers;
    std::vector<const void*> pointers;
    std::vector<ArrowArray> children;
    std::vector<ArrowArray*> child_pointers;
};

template <class Struct>
void release_children(Struct* self) {
    for (std::int64_t i = 0; i < self->n_children; ++i) {
        if (self->children[i]->release != nullptr) {
            self->children[i]->release(self->children[i]);
        }
    }
}

void release_schema(ArrowSchema* self) {
    const std::unique_ptr<SchemaOwner> owned(static_cast<SchemaOwner*>(self->private_data));
    release_children(self);
    self->release = nullptr;
}

void release_array(ArrowArray* self) {
    const std::unique_ptr<ArrayOwner> owned(static_cast<ArrayOwner*>(self->private_data));
    release_children(self);
    self->release = nullptr;
}

ArrowSchema schema_of(std::unique_ptr<SchemaOwner> owner) {
    for (ArrowSchema& child : owner->children) {
        owner->pointers.push_back(&child);
    }
    SchemaOwner* const kept = owner.release();
    return {
        kept->format.c_str(),
        kept->name.c_str(),
        kept->metadata.empty() ? nullptr : kept->metadata.data(),
        nullable,
        static_cast<std::int64_t>(kept->children.size()),
        kept->pointers.data(),
        nullptr,
        release_schema,
        kept};
}

ArrowArray array_of(std::unique_ptr<ArrayOwner> owner, std::size_t rows, std::size_t nulls) {
    for (const auto& buffer : owner->buffers) {
        owner->pointers.push_back(buffer.data());
    }
    for (ArrowArray& child : owner->children) {
        owner->child_pointers.push_back(&child);
    }
    ArrayOwner* const kept = owner.release();
    return {
        static_cast<std::int64_t>(rows),
        static_cast<std::int64_t>(nulls),
        0,
        static_cast<std::int64_t>(kept->pointers.size()),
        static_cast<std::int64_t>(kept->children.size()),
        kept->pointers.data(),
        kept->child_pointers.data(),
        nullptr,
        release_array,
        kept};
}

ArrowSchema field(std::string format, std::string name, std::string metadata) {
    auto owner = std::make_unique<SchemaOwner>();
    owner->format = std::move(format);
    owner->name = std::move(name);
    owner->metadata = std::move(metadata);
    return schema_of(std::move(owner));
}

void append_text(std::string& bytes, std::string_view text) {
    const auto size = static_cast<std::int32_t>(text.size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes.append(text);
}

/// Key-value metadata as the specification packs it.
std::string packed(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string bytes;
    const auto count = static_cast<std::int32_t>(pairs.size());
    bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
    for (const auto& [key, value] : pairs) {
        append_text(bytes, key);
        append_text(bytes, value);
    }
    return bytes;
}

std::vector<std::int64_t> words_for(std::size_t bytes) {
    return std::vector<std::int64_t>(bytes / sizeof(std::int64_t) + 1);
}

std::vector<std::int64_t> bitmap(const std::vector<std::uint8_t>& valid) {
    std::vector<std::int64_t> words = words_for(valid.size() / 8 + 1);
    auto* const bytes = reinterpret_cast<unsigned char*>(words.data());
    for (std::size_t i = 0; i < valid.size(); ++i) {
        if (valid[i] != 0) {
            bytes[i / 8] = static_cast<unsigned char>(bytes[i / 8] | (1U << (i % 8)));
        }
    }
    return words;
}

std::size_t count_nulls(const std::vector<std::uint8_t>& valid) {
    std::size_t nulls = 0;
    for (const std::uint8_t each : valid) {
        nulls += each == 0 ? 1U : 0U;
    }
    return nulls;
}

ArrowArray
bytes_array(const std::vector<std::string>& cells, const std::vector<std::uint8_t>& valid) {
    std::vector<std::int64_t> offsets{0};
    for (const std::string& cell : cells) {
        offsets.push_back(offsets.back() + static_cast<std::int64_t>(cell.size()));
    }
    std::vector<std::int64_t> words = words_for(static_cast<std::size_t>(offsets.back()));
    char* at = reinterpret_cast<char*>(words.data());
    for (const std::string& cell : cells) {
        at = std::copy(cell.begin(), cell.end(), at);
    }
    auto owner = std::make_unique<ArrayOwner>();
    owner->buffers = {bitmap(valid), std::move(offsets), std::move(words)};
    return array_of(std::move(owner), cells.size(), count_nulls(valid));
}

template <class Number>
ArrowArray
number_array(const std::vector<Number>& cells, const std::vector<std::uint8_t>& valid) {
    static_assert(sizeof(Number) == sizeof(std::int64_t));
    std::vector<std::int64_t> words = words_for(cells.size() * sizeof(Number));
    std::memcpy(words.data(), cells.data(), cells.size() * sizeof(Number));
    auto owner = std::make_unique<ArrayOwner>();
    owner->buffers = {bitmap(valid), std::move(words)};
    return array_of(std::move(owner), cells.size(), count_nulls(valid));
}

ArrowArray column_array(const Column& column) {
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
        return bytes_array(*texts, column.valid);
    }
    if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&column.values)) {
        return number_array(*whole, column.valid);
    }
    return number_array(std::get<std::vector<double>>(column.values), column.valid);
}

/// What a stream hands out: one batch.
struct Outgoing {
    Table table;
    std::optional<std::vector<std::string>> wkb;
    bool taken = false;
};

ArrowSchema table_schema(const Outgoing& data) {
    static constexpr std::array formats = {"U", "l", "g"};
    auto owner = std::make_unique<SchemaOwner>();
    owner->format = "+s";
    for (const Column& column : data.table.columns) {
        const std::string metadata = column.unit.empty() ? "" : packed({{"unit", column.unit}});
        owner->children.push_back(
            field(formats[static_cast<std::size_t>(column.type())], column.name, metadata)
        );
    }
    if (data.wkb) {
        owner->children.push_back(field(
            "Z",
            "geometry",
            packed(
                {{"ARROW:extension:name", "geoarrow.wkb"},
                 {"ARROW:extension:metadata",
                  R"({"crs": "EPSG:4490", "crs_type": "authority_code"})"}}
            )
        ));
    }
    return schema_of(std::move(owner));
}

ArrowArray table_array(const Outgoing& data) {
    auto owner = std::make_unique<ArrayOwner>();
    owner->buffers.resize(1);
    owner->buffers[0] = bitmap(std::vector<std::uint8_t>(data.table.rows, 1));
    for (const Column& column : data.table.columns) {
        owner->children.push_back(column_array(column));
    }
    if (data.wkb) {
        std::vector<std::uint8_t> valid;
        for (const std::string& each : *data.wkb) {
            valid.push_back(each.empty() ? 0 : 1);
        }
        owner->children.push_back(bytes_array(*data.wkb, valid));
    }
    return array_of(std::move(owner), data.table.rows, 0);
}

Outgoing& outgoing(ArrowArrayStream* self) {
    return *static_cast<Outgoing*>(self->private_data);
}

/// Runs body; out of memory is the one thing that can go wrong.
template <class Body>
int guard(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const std::exception&) {
        return ENOMEM;
    }
}

int get_schema(ArrowArrayStream* self, ArrowSchema* schema) {
    return guard([&] { *schema = table_schema(outgoing(self)); });
}

int get_next(ArrowArrayStream* self, ArrowArray* array) {
    return guard([&] {
        Outgoing& data = outgoing(self);
        *array = {};
        if (!std::exchange(data.taken, true)) {
            *array = table_array(data);
        }
    });
}

const char* get_last_error(ArrowArrayStream* /*self*/) {
    return nullptr;
}

void release_stream(ArrowArrayStream* self) {
    const std::unique_ptr<Outgoing> owned(static_cast<Outgoing*>(self->private_data));
    self->release = nullptr;
}

constexpr const char* stream_name = "arrow_array_stream";

void destroy_capsule(PyObject* capsule) {
    const std::unique_ptr<ArrowArrayStream> stream(
        static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, stream_name))
    );
    if (stream && stream->release != nullptr) {
        stream->release(stream.get());
    }
}

nb::object export_stream(const Table& table, const std::optional<nb::sequence>& wkb) {
    auto data = std::make_unique<Outgoing>();
    data->table = table;
    if (wkb) {
        data->wkb = wkb_of(*wkb);
    }
    auto stream = std::make_unique<ArrowArrayStream>();
    *stream = {get_schema, get_next, get_last_error, release_stream, data.release()};
    PyObject* const capsule = PyCapsule_New(stream.get(), stream_name, destroy_capsule);
    if (capsule == nullptr) {
        stream->release(stream.get());
        throw nb::python_error();
    }
    static_cast<void>(stream.release());
    return nb::steal(capsule);
}

// ---- in ----

/// Releases what another library handed out.
template <class Struct>
struct Released {
    Struct value{};
    Released() = default;
    Released(const Released&) = delete;
    Released& operator=(const Released&) = delete;
    Released(Released&&) = delete;
    Released& operator=(Released&&) = delete;

    ~Released() {
        if (value.release != nullptr) {
            value.release(&value);
        }
    }
};

[[noreturn]] void refuse(const std::string& zh, const std::string& en) {
    throw Error(ErrorCode::invalid_argument, {zh, en});
}

/// Value of a key in packed metadata; "" if it is not there.
std::string metadata_value(const char* metadata, std::string_view wanted) {
    if (metadata == nullptr) {
        return {};
    }
    const auto take_size = [&metadata] {
        std::int32_t size = 0;
        std::memcpy(&size, metadata, sizeof size);
        metadata += sizeof size;
        return size;
    };
    const auto take_text = [&] {
        const auto size = static_cast<std::size_t>(take_size());
        const std::string_view text(metadata, size);
        metadata += size;
        return text;
    };
    for (std::int32_t left = take_size(); left > 0; --left) {
        const std::string_view key = take_text();
        const std::string_view value = take_text();
        if (key == wanted) {
            return std::string(value);
        }
    }
    return {};
}

/// One field over all batches.
class Incoming {
public:
    explicit Incoming(const ArrowSchema& schema)
        : name_(schema.name == nullptr ? "" : schema.name), format_(schema.format),
          extension_(metadata_value(schema.metadata, "ARROW:extension:name")),
          extension_metadata_(metadata_value(schema.metadata, "ARROW:extension:metadata")) {
        static constexpr std::array<std::string_view, 6> texts = {
            "u", "U", "vu", "z", "Z", "vz"};
        static constexpr std::string_view wholes = "cCsSiIlb";
        for (const std::string_view text : texts) {
            is_bytes_ = is_bytes_ || format_ == text;
        }
        is_whole_ = format_.size() == 1 && wholes.find(format_[0]) != std::string_view::npos;
        const bool real = format_ == "f" || format_ == "g" || format_ == "L" || format_ == "n";
        if (schema.dictionary != nullptr || (!is_bytes_ && !is_whole_ && !real)) {
            refuse(
                "列 " + name_ + " 的 Arrow 类型（" + format_ +
                    "）读不了；请先转成文字或数，或去掉这一列",
                "column " + name_ + " has an Arrow type (" + format_ +
                    ") that cannot be read: cast it to text or numbers, or drop it"
            );
        }
    }

    void append(const ArrowArray& array) {
        for (std::int64_t row = 0; row < array.length; ++row) {
            const std::int64_t at = array.offset + row;
            const bool null = format_ == "n" || !is_valid(array, at);
            if (is_bytes_) {
                texts_.push_back(null ? std::nullopt : std::optional(bytes(array, at)));
            } else if (is_whole_) {
                wholes_.push_back(null ? std::nullopt : std::optional(whole(array, at)));
            } else {
                reals_.push_back(null ? std::nullopt : std::optional(real(array, at)));
            }
        }
    }

    [[nodiscard]] bool is_binary() const {
        return format_ == "z" || format_ == "Z" || format_ == "vz";
    }

    [[nodiscard]] bool is_wkb() const {
        return is_binary() && (extension_ == "geoarrow.wkb" || extension_ == "ogc.wkb");
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] const std::string& extension_metadata() const { return extension_metadata_; }

    [[nodiscard]] std::vector<std::string> wkb() const {
        std::vector<std::string> cells;
        for (const auto& cell : texts_) {
            cells.push_back(cell.value_or(""));
        }
        return cells;
    }

    [[nodiscard]] Column column() const {
        if (is_bytes_) {
            return text_column(name_, "", texts_);
        }
        return is_whole_ ? integer_column(name_, "", "", wholes_)
                         : real_column(name_, "", "", reals_);
    }

private:
    static bool is_valid(const ArrowArray& array, std::int64_t at) {
        const auto* bits = static_cast<const unsigned char*>(array.buffers[0]);
        return array.null_count == 0 || bits == nullptr ||
               ((bits[at / 8] >> (at % 8)) & 1U) != 0;
    }

    template <class Number>
    static Number value(const ArrowArray& array, std::int64_t at) {
        return static_cast<const Number*>(array.buffers[1])[at];
    }

    [[nodiscard]] std::string bytes(const ArrowArray& array, std::int64_t at) const {
        if (format_[0] == 'v') {
            return viewed(array, at);
        }
        const bool large = format_ == "U" || format_ == "Z";
        const std::int64_t from =
            large ? value<std::int64_t>(array, at) : value<std::int32_t>(array, at);
        const std::int64_t to =
            large ? value<std::int64_t>(array, at + 1) : value<std::int32_t>(array, at + 1);
        const auto* data = static_cast<const char*>(array.buffers[2]);
        return to > from ? std::string(data + from, data + to) : std::string();
    }

    /// 16 bytes per value: the length, then the bytes themselves (up to 12) or prefix, buffer and offset.
    static std::string viewed(const ArrowArray& array, std::int64_t at) {
        const char* view = static_cast<const char*>(array.buffers[1]) + at * 16;
        std::array<std::int32_t, 4> parts{}; // a view's layout
        std::memcpy(parts.data(), view, sizeof parts);
        const auto size = static_cast<std::size_t>(parts[0]);
        if (size <= 12) {
            return {view + 4, size};
        }
        return {static_cast<const char*>(array.buffers[2 + parts[2]]) + parts[3], size};
    }

    [[nodiscard]] std::int64_t whole(const ArrowArray& array, std::int64_t at) const {
        switch (format_[0]) {
        case 'c':
            return value<std::int8_t>(array, at);
        case 'C':
            return value<std::uint8_t>(array, at);
        case 's':
            return value<std::int16_t>(array, at);
        case 'S':
            return value<std::uint16_t>(array, at);
        case 'i':
            return value<std::int32_t>(array, at);
        case 'I':
            return value<std::uint32_t>(array, at);
        case 'b':
            return (value<unsigned char>(array, at / 8) >> (at % 8)) & 1;
        default:
            return value<std::int64_t>(array, at);
        }
    }

    [[nodiscard]] double real(const ArrowArray& array, std::int64_t at) const {
        switch (format_[0]) {
        case 'f':
            return static_cast<double>(value<float>(array, at));
        case 'L':
            return static_cast<double>(value<std::uint64_t>(array, at));
        default:
            return value<double>(array, at);
        }
    }

    std::string name_;
    std::string format_;
    std::string extension_;
    std::string extension_metadata_;
    bool is_bytes_ = false;
    bool is_whole_ = false;
    std::vector<std::optional<std::string>> texts_;
    std::vector<std::optional<std::int64_t>> wholes_;
    std::vector<std::optional<double>> reals_;
};

void check(ArrowArrayStream& stream, int status) {
    if (status != 0) {
        const char* said =
            stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
        const std::string why = said == nullptr ? "" : std::string(": ") + said;
        refuse("Arrow 流读不下去" + why, "the Arrow stream cannot be read" + why);
    }
}

std::vector<Incoming> read_fields(ArrowArrayStream& stream) {
    Released<ArrowSchema> schema;
    check(stream, stream.get_schema(&stream, &schema.value));
    if (std::string_view(schema.value.format) != "+s") {
        refuse("Arrow 流不是表格", "the Arrow stream is no table");
    }
    std::vector<Incoming> fields;
    for (std::int64_t i = 0; i < schema.value.n_children; ++i) {
        fields.emplace_back(*schema.value.children[i]);
    }
    while (true) {
        Released<ArrowArray> batch;
        check(stream, stream.get_next(&stream, &batch.value));
        if (batch.value.release == nullptr) {
            return fields;
        }
        if (batch.value.offset != 0) {
            refuse("Arrow 批次带偏移，读不了", "an Arrow batch with an offset cannot be read");
        }
        for (std::size_t i = 0; i < fields.size(); ++i) {
            fields[i].append(*batch.value.children[i]);
        }
    }
}

/// (columns, WKB per row or None, metadata of the geometry column)
nb::tuple import_stream(nb::handle capsule) {
    auto* stream =
        static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), stream_name));
    if (stream == nullptr) {
        throw nb::python_error();
    }
    const std::vector<Incoming> fields = read_fields(*stream);
    const Incoming* geometry = nullptr;
    for (const Incoming& each : fields) {
        if (each.is_wkb() && geometry == nullptr) {
            geometry = &each;
        }
    }
    Table table;
    for (const Incoming& each : fields) {
        if (!each.is_binary()) {
            Column column = each.column();
            table.rows = column.size();
            table.put(std::move(column));
        }
    }
    if (geometry == nullptr) {
        return nb::make_tuple(std::move(table), nb::none(), "");
    }
    const nb::list wkb = to_list(geometry->wkb());
    table.rows = wkb.size();
    return nb::make_tuple(std::move(table), wkb, geometry->extension_metadata());
}

} // namespace

void bind_arrow(nb::module_& module) {
    module.def("export_stream", &export_stream, nb::arg("columns"), nb::arg("wkb").none());
    module.def("import_stream", &import_stream);
}

} // namespace tuban::python
