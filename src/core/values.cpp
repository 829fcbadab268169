#include <tuban/core.hpp>

#include <algorithm>
#include <utility>

namespace tuban {

const char* name_of(Severity severity) noexcept {
    switch (severity) {
    case Severity::note:
        return "note";
    case Severity::warning:
        return "warning";
    case Severity::error:
        return "error";
    }
    return "unknown";
}

const char* name_of(PlotState state) noexcept {
    switch (state) {
    case PlotState::ok:
        return "ok";
    case PlotState::repaired:
        return "repaired";
    case PlotState::held_out:
        return "held_out";
    case PlotState::no_geometry:
        return "no_geometry";
    }
    return "unknown";
}

const char* name_of(RepairState state) noexcept {
    switch (state) {
    case RepairState::applied:
        return "applied";
    case RepairState::refused:
        return "refused";
    case RepairState::accepted:
        return "accepted";
    }
    return "unknown";
}

LayerSource::~LayerSource() = default;

namespace {

class MemorySource final : public LayerSource {
public:
    explicit MemorySource(Layer layer) : layer_(std::move(layer)) {}

    [[nodiscard]] const std::string& key() const override { return layer_.key; }

    [[nodiscard]] Layer all() override { return layer_; }

    // In memory nothing is gained by looking at boxes first: a superset is allowed.
    [[nodiscard]] Layer window(const LonLatBox& /*box*/) override { return layer_; }

    void stream(std::size_t /*batch*/, const std::function<bool(const Layer&)>& take) override {
        take(layer_);
    }

private:
    Layer layer_;
};

} // namespace

std::unique_ptr<LayerSource> memory_source(Layer layer) {
    return std::make_unique<MemorySource>(std::move(layer));
}

} // namespace tuban
