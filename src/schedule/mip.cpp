#include "schedule/mip.hpp"

#include "core/format.hpp"

#include <interfaces/highs_c_api.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace tuban::planning {
namespace {

struct Destroy {
    void operator()(void* highs) const noexcept { Highs_destroy(highs); }
};

using Handle = std::unique_ptr<void, Destroy>;

[[noreturn]] void failed(const std::string& what) {
    throw Error(
        ErrorCode::internal,
        text(
            "求解器 HiGHS 出错：{}。请把项目文件和数据发给 tuban 的维护者",
            "the solver HiGHS failed: {}. Please send the project file and its data to tuban's "
            "maintainers",
            what
        )
    );
}

void need(HighsInt status, const char* what) {
    if (status == kHighsStatusError) {
        failed(what);
    }
}

void listen(
    int /*type*/,
    const char* /*message*/,
    const HighsCallbackDataOut* /*out*/,
    HighsCallbackDataIn* in,
    void* user
) {
    if (in != nullptr && !static_cast<Watch*>(user)->tick()) {
        in->user_interrupt = 1;
    }
}

void set_options(void* highs, const MipOptions& options) {
    const auto seed =
        static_cast<HighsInt>(options.seed % std::numeric_limits<std::int32_t>::max());
    need(Highs_setBoolOptionValue(highs, "output_flag", 0), "output_flag");
    need(Highs_setIntOptionValue(highs, "threads", 1), "threads");
    need(Highs_setStringOptionValue(highs, "parallel", "off"), "parallel");
    need(Highs_setIntOptionValue(highs, "random_seed", seed), "random_seed");
    need(Highs_setDoubleOptionValue(highs, "mip_rel_gap", options.relative_gap), "mip_rel_gap");
    need(Highs_setDoubleOptionValue(highs, "mip_abs_gap", options.absolute_gap), "mip_abs_gap");
    // Rows are scaled so that one integer of a requirement is far more than this (model.cpp).
    need(Highs_setDoubleOptionValue(highs, "mip_feasibility_tolerance", 1e-7), "tolerance");
    need(Highs_setDoubleOptionValue(highs, "primal_feasibility_tolerance", 1e-8), "tolerance");
    need(Highs_setDoubleOptionValue(highs, "dual_feasibility_tolerance", 1e-8), "tolerance");
    if (options.max_nodes) {
        need(Highs_setIntOptionValue(highs, "mip_max_nodes", *options.max_nodes), "max_nodes");
    }
}

void listen_with(void* highs, Watch& watch) {
    need(Highs_setCallback(highs, listen, &watch), "callback");
    for (const int type :
         {kHighsCallbackMipInterrupt,
          kHighsCallbackSimplexInterrupt,
          kHighsCallbackIpmInterrupt}) {
        need(Highs_startCallback(highs, type), "callback");
    }
}

/// A hint: if HiGHS cannot use it, it goes without.
void give_start(void* highs, const std::vector<Term>& start) {
    std::vector<HighsInt> index;
    std::vector<double> value;
    for (const Term& term : start) {
        index.push_back(term.column);
        value.push_back(term.value);
    }
    const auto entries = static_cast<HighsInt>(index.size());
    Highs_setSparseSolution(highs, entries, index.data(), value.data());
}

} // namespace

void Watch::stage(double complete, Text name) {
    complete_ = complete;
    stage_ = std::move(name);
    last_ = {};
    tick();
    rethrow();
}

bool Watch::tick() noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (stopped_ || !execution_.progress || now - last_ < std::chrono::milliseconds(100)) {
        return !stopped_;
    }
    last_ = now;
    try {
        stopped_ = !execution_.progress(complete_, stage_);
    } catch (...) {
        failure_ = std::current_exception(); // rethrown once HiGHS, which is C, has returned
        stopped_ = true;
    }
    return !stopped_;
}

void Watch::rethrow() const {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    if (stopped_) {
        throw Error(ErrorCode::interrupted, text("排期被中断", "the schedule was interrupted"));
    }
}

int Mip::add_column(double lower, double upper, bool integer) {
    lower_.push_back(lower);
    upper_.push_back(upper);
    integer_.push_back(integer ? kHighsVarTypeInteger : kHighsVarTypeContinuous);
    return columns() - 1;
}

void Mip::add_row(double lower, double upper, std::vector<Term> terms) {
    rows_.push_back({lower, upper, std::move(terms)});
}

void Mip::fix(int column, double value) {
    lower_[static_cast<std::size_t>(column)] = value;
    upper_[static_cast<std::size_t>(column)] = value;
}

void Mip::pass(void* highs, const std::vector<Term>& objective) const {
    std::vector<double> cost(lower_.size(), 0.0);
    for (const Term& term : objective) {
        cost[static_cast<std::size_t>(term.column)] += term.value;
    }
    std::vector<HighsInt> starts;
    std::vector<HighsInt> index;
    std::vector<double> value;
    std::vector<double> lower;
    std::vector<double> upper;
    for (const Row& row : rows_) {
        starts.push_back(static_cast<HighsInt>(index.size()));
        lower.push_back(row.lower);
        upper.push_back(row.upper);
        for (const Term& term : row.terms) {
            index.push_back(term.column);
            value.push_back(term.value);
        }
    }
    const auto entries = static_cast<HighsInt>(index.size());
    starts.push_back(entries);
    need(
        Highs_passMip(
            highs,
            columns(),
            static_cast<HighsInt>(rows_.size()),
            entries,
            kHighsMatrixFormatRowwise,
            kHighsObjSenseMinimize,
            0.0,
            cost.data(),
            lower_.data(),
            upper_.data(),
            lower.data(),
            upper.data(),
            starts.data(),
            index.data(),
            value.data(),
            integer_.data()
        ),
        "passMip"
    );
}

MipResult Mip::solve(
    const std::vector<Term>& objective,
    const std::vector<Term>& start,
    const MipOptions& options,
    Watch& watch
) const {
    const Handle highs(Highs_create());
    set_options(highs.get(), options);
    pass(highs.get(), objective);
    if (!start.empty()) {
        give_start(highs.get(), start);
    }
    listen_with(highs.get(), watch);
    const HighsInt ran = Highs_run(highs.get());
    watch.rethrow();
    need(ran, "run");
    const HighsInt status = Highs_getModelStatus(highs.get());
    MipResult result;
    result.infeasible = status == kHighsModelStatusInfeasible ||
                        status == kHighsModelStatusUnboundedOrInfeasible;
    if (result.infeasible || (options.max_nodes && status == kHighsModelStatusSolutionLimit)) {
        return result;
    }
    if (status != kHighsModelStatusOptimal) {
        failed(format("model status {}", status));
    }
    result.found = true;
    result.values.resize(lower_.size());
    std::vector<double> row_values(rows_.size());
    Highs_getSolution(highs.get(), result.values.data(), nullptr, row_values.data(), nullptr);
    need(Highs_getDoubleInfoValue(highs.get(), "mip_dual_bound", &result.bound), "bound");
    return result;
}

std::string solver_name() {
    return format("HiGHS {}", Highs_version());
}

} // namespace tuban::planning
