#pragma once
#include "io/handles.hpp"

#include <ogr_recordbatch.h>

#include <cstdint>
#include <optional>
#include <string_view>

/// Arrow's C data interface, as far as OGR's layers fill it.
namespace tuban {

/// A batch of rows, released at its end.
class ArrowBatch {
public:
    ArrowBatch() = default;
    ~ArrowBatch();
    ArrowBatch(const ArrowBatch&) = delete;
    ArrowBatch& operator=(const ArrowBatch&) = delete;
    ArrowBatch(ArrowBatch&&) = delete;
    ArrowBatch& operator=(ArrowBatch&&) = delete;

    void release();

    [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(array_.length); }

    [[nodiscard]] const ArrowArray& column(std::size_t i) const { return *array_.children[i]; }

    [[nodiscard]] ArrowArray* fill() { return &array_; }

private:
    ArrowArray array_{};
};

/// The stream of a layer, from its first feature. None of the layer's other reading may come between.
class ArrowStream {
public:
    explicit ArrowStream(OGRLayerH layer, std::size_t rows_per_batch);
    ~ArrowStream();
    ArrowStream(const ArrowStream&) = delete;
    ArrowStream& operator=(const ArrowStream&) = delete;
    ArrowStream(ArrowStream&&) = delete;
    ArrowStream& operator=(ArrowStream&&) = delete;

    /// Null if the layer gives none.
    [[nodiscard]] const ArrowSchema* schema() const { return open_ ? &schema_ : nullptr; }

    /// Rows of the batch in hand that have not been taken; reads the next batch when there are none. 0 at the end.
    /// @return none if the layer failed; GDAL told why
    [[nodiscard]] std::optional<std::size_t> left();

    [[nodiscard]] const ArrowBatch& batch() const { return batch_; }

    /// Takes rows of the batch in hand. @return the first
    std::size_t take(std::size_t rows);

private:
    ArrowArrayStream stream_{};
    ArrowSchema schema_{};
    ArrowBatch batch_;
    std::size_t taken_ = 0;
    bool open_ = false;
};

/// Whether a value is there.
[[nodiscard]] bool is_given(const ArrowArray& values, std::size_t row);

/// A value of a column of numbers: "s", "i", "l", "f", "g" by the schema's format.
template <class T>
[[nodiscard]] T number_at(const ArrowArray& values, std::size_t row) {
    return static_cast<const T*>(values.buffers[1]
    )[values.offset + static_cast<std::int64_t>(row)];
}

/// A value of a column of texts or bytes; `wide`: 64-bit offsets ("U", "Z").
[[nodiscard]] std::string_view bytes_at(const ArrowArray& values, std::size_t row, bool wide);

} // namespace tuban
