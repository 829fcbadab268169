#include "io/arrow.hpp"

#include "core/format.hpp"

namespace tuban {

ArrowBatch::~ArrowBatch() {
    release();
}

void ArrowBatch::release() {
    if (array_.release != nullptr) {
        array_.release(&array_);
    }
    array_ = {};
}

ArrowStream::ArrowStream(OGRLayerH layer, std::size_t rows_per_batch) {
    const std::string most = format("MAX_FEATURES_IN_BATCH={}", rows_per_batch);
    const StringList options(CSLAddString(nullptr, most.c_str()));
    open_ = OGR_L_GetArrowStream(layer, &stream_, options.get()) &&
            stream_.get_schema(&stream_, &schema_) == 0;
}

ArrowStream::~ArrowStream() {
    batch_.release(); // before its stream
    if (schema_.release != nullptr) {
        schema_.release(&schema_);
    }
    if (stream_.release != nullptr) {
        stream_.release(&stream_);
    }
}

std::optional<std::size_t> ArrowStream::left() {
    if (taken_ == batch_.rows()) {
        batch_.release();
        taken_ = 0;
        if (stream_.get_next(&stream_, batch_.fill()) != 0) {
            return std::nullopt;
        }
    }
    return batch_.rows() - taken_;
}

std::size_t ArrowStream::take(std::size_t rows) {
    const std::size_t first = taken_;
    taken_ += rows;
    return first;
}

bool is_given(const ArrowArray& values, std::size_t row) {
    const auto* bits = static_cast<const std::uint8_t*>(values.buffers[0]);
    if (bits == nullptr) {
        return true;
    }
    const std::size_t at = static_cast<std::size_t>(values.offset) + row;
    return (static_cast<unsigned>(bits[at / 8]) >> (at % 8) & 1U) != 0;
}

std::string_view bytes_at(const ArrowArray& values, std::size_t row, bool wide) {
    const std::size_t at = static_cast<std::size_t>(values.offset) + row;
    const auto* bytes = static_cast<const char*>(values.buffers[2]);
    std::size_t begin = 0;
    std::size_t end = 0;
    if (wide) {
        const auto* offsets = static_cast<const std::int64_t*>(values.buffers[1]);
        begin = static_cast<std::size_t>(offsets[at]);
        end = static_cast<std::size_t>(offsets[at + 1]);
    } else {
        const auto* offsets = static_cast<const std::int32_t*>(values.buffers[1]);
        begin = static_cast<std::size_t>(offsets[at]);
        end = static_cast<std::size_t>(offsets[at + 1]);
    }
    return begin == end ? std::string_view() : std::string_view(bytes + begin, end - begin);
}

} // namespace tuban
