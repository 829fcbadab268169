#pragma once
// PROJ's objects with owners. One context per owner: contexts are not shared between threads.
#include <proj.h>

#include <array>
#include <memory>
#include <string>

namespace tuban {

struct ProjDestroy {
    void operator()(PJ* object) const noexcept { proj_destroy(object); }

    void operator()(PJ_CONTEXT* context) const noexcept { proj_context_destroy(context); }

    void operator()(PJ_OBJ_LIST* list) const noexcept { proj_list_destroy(list); }
};

using ProjContext = std::unique_ptr<PJ_CONTEXT, ProjDestroy>;
using ProjObject = std::unique_ptr<PJ, ProjDestroy>;
using ProjList = std::unique_ptr<PJ_OBJ_LIST, ProjDestroy>;

/// A context that neither prints nor asks the network.
[[nodiscard]] inline ProjContext proj_context() {
    ProjContext context(proj_context_create());
    proj_log_level(context.get(), PJ_LOG_NONE);
    proj_context_set_enable_network(context.get(), 0);
    return context;
}

[[nodiscard]] inline std::string name_of_object(const PJ* object) {
    const char* name = object != nullptr ? proj_get_name(object) : nullptr;
    return name != nullptr ? name : "";
}

[[nodiscard]] inline std::string wkt_of(PJ_CONTEXT* context, const PJ* crs) {
    const std::array<const char*, 2> options{"MULTILINE=NO", nullptr};
    const char* wkt = proj_as_wkt(context, crs, PJ_WKT2_2019, options.data());
    return wkt != nullptr ? wkt : "";
}

} // namespace tuban
