#include "spatial/geometry_issues.hpp"

#include "core/format.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t rows_told = 5;

Text name_of_code(const std::string& code) {
    const std::vector<IssueKind>& kinds = issue_kinds();
    const auto found = std::lower_bound(
        kinds.begin(),
        kinds.end(),
        code,
        [](const IssueKind& kind, const std::string& wanted) { return kind.code < wanted; }
    );
    return found != kinds.end() && found->code == code ? found->name : Text{code, code};
}

std::optional<LonLat> place_of(const RingFault& fault) {
    if (fault.places.empty() || !std::isfinite(fault.places[0].x) ||
        !std::isfinite(fault.places[0].y)) {
        return std::nullopt;
    }
    return LonLat{fault.places[0].x, fault.places[0].y};
}

/// "第 1 环第 3 个顶点、第 2 环第 1 个顶点等 12 处"
Text places_of(const RingFault& fault) {
    Text words;
    std::set<std::pair<std::size_t, std::size_t>> told; // a fault may meet a vertex twice
    for (const RingFault::Place& place : fault.places) {
        if (!told.emplace(place.ring, place.vertex).second) {
            continue;
        }
        const bool first = words.zh.empty();
        words.zh +=
            format("{}第 {} 环第 {} 个顶点", first ? "" : "、", place.ring, place.vertex);
        words.en += format("{}ring {} vertex {}", first ? "" : ", ", place.ring, place.vertex);
    }
    if (fault.count > fault.places.size()) {
        words.zh += format("等 {} 处", fault.count);
        words.en += format(" and {} more", fault.count - fault.places.size());
    }
    return words;
}

bool blocks(const RingFault& fault) {
    return fault.mended || fault.severity == Severity::error;
}

/// What was wrong, by name: "自相交、尖刺".
Text reasons_of(const Repair& repair) {
    Text words;
    for (const RingFault& fault : repair.faults) {
        if (blocks(fault)) {
            const Text name = name_of_code(fault.code);
            words.zh += (words.zh.empty() ? "" : "、") + name.zh;
            words.en += (words.en.empty() ? "" : ", ") + name.en;
        }
    }
    return words;
}

Text words_of_held_out(const JudgedRepair& judged, const Text& reasons) {
    const Repair& repair = judged.repair;
    if (repair.polygon.rings.empty()) {
        return text(
            "{0}，修复后得不到面积，不参与；请在源数据中改正",
            "{1}: no area is left after repair, so it is held out; correct it in the source",
            reasons.zh,
            reasons.en
        );
    }
    return text(
        "{0}，修复会使平面面积由 {2:.2f} 变为 {3:.2f} m²（变化超过 {4:g} m² 且超过 {5:g} "
        "%），暂不参与；请在源数据中改正，或核实后写入 plots: accept: 接受修复结果",
        "{1}: repair would change the plane area from {2:.2f} to {3:.2f} m² (by more than "
        "{4:g} m² and {5:g} %), so it is held out; correct it in the source, or look at it and "
        "take the repair by plots: accept:",
        reasons.zh,
        reasons.en,
        repair.area_before_m2,
        repair.area_after_m2,
        judged.limit.area_m2,
        judged.limit.share_pct
    );
}

Text words_of_repaired(const JudgedRepair& judged, const Text& reasons) {
    const bool accepted = judged.state == RepairState::accepted;
    return text(
        "{0}，已修复{4}（各环按奇偶规则，洞从外环中减去，各部分取并集），平面面积 {2:.2f} → "
        "{3:.2f} m²",
        "{1}: repaired{5} (each ring by even–odd, holes taken from their shell, parts "
        "united), plane area {2:.2f} → {3:.2f} m²",
        reasons.zh,
        reasons.en,
        judged.repair.area_before_m2,
        judged.repair.area_after_m2,
        accepted ? "，变化超过限度，由 accept 接受" : "",
        accepted ? ", beyond the limit but taken by accept" : ""
    );
}

const char* code_of(RepairState state) {
    switch (state) {
    case RepairState::applied:
        return "repaired";
    case RepairState::refused:
        return "held_out";
    case RepairState::accepted:
        return "repair_accepted";
    }
    return "repaired";
}

Issue row_issue(Severity severity, const char* code, std::size_t row, const std::string& id) {
    Issue issue;
    issue.severity = severity;
    issue.code = code;
    issue.row = static_cast<std::int64_t>(row) + 1;
    issue.plot_id = id;
    return issue;
}

} // namespace

Issue fault_issue(const RingFault& fault, std::size_t row, const std::string& id) {
    Issue issue = row_issue(fault.severity, fault.code.c_str(), row, id);
    const Text name = name_of_code(fault.code);
    const Text places = places_of(fault);
    issue.message = text("{0}：{2}", "{1}: {3}", name.zh, name.en, places.zh, places.en);
    issue.at = place_of(fault);
    return issue;
}

Issue repair_issue(const JudgedRepair& judged, std::size_t row, const std::string& id) {
    const bool refused = judged.state == RepairState::refused;
    Issue issue = row_issue(
        refused ? Severity::error : Severity::warning, code_of(judged.state), row, id
    );
    const Text reasons = reasons_of(judged.repair);
    issue.message =
        refused ? words_of_held_out(judged, reasons) : words_of_repaired(judged, reasons);
    for (const RingFault& fault : judged.repair.faults) {
        if (blocks(fault) && !issue.at) {
            issue.at = place_of(fault);
        }
    }
    const Repair& repair = judged.repair;
    if (repair.area_before_m2 != 0.0 || repair.area_after_m2 != 0.0) {
        issue.area_before_m2 = repair.area_before_m2;
        issue.area_after_m2 = repair.area_after_m2;
    }
    return issue;
}

std::string rule_of(const Repair& repair) {
    std::string rule;
    for (const RingFault& fault : repair.faults) {
        if (blocks(fault)) {
            rule += (rule.empty() ? "" : ",") + fault.code;
        }
    }
    return rule;
}

void FaultNotes::add(const RingFault& fault, std::size_t row) {
    Gathered& gathered = notes_[fault.code];
    if (gathered.rows == 0) {
        gathered.first = fault;
    }
    if (gathered.first_rows.size() < rows_told) {
        gathered.first_rows.push_back(row);
    }
    ++gathered.rows;
}

std::vector<Issue> FaultNotes::issues() const {
    std::vector<Issue> issues;
    for (const auto& [code, gathered] : notes_) {
        Issue issue;
        issue.code = code;
        issue.at = place_of(gathered.first);
        const Text name = name_of_code(code);
        Text rows;
        for (const std::size_t row : gathered.first_rows) {
            rows.zh += format("{}{}", rows.zh.empty() ? "" : "、", row + 1);
            rows.en += format("{}{}", rows.en.empty() ? "" : ", ", row + 1);
        }
        if (gathered.rows > gathered.first_rows.size()) {
            rows.zh += " ……";
            rows.en += " …";
        }
        const Text places = places_of(gathered.first);
        issue.message = text(
            "{0}：{2} 行（第 {3} 行；第一处在{5}）",
            "{1}: {2} rows ({4}; the first at {6})",
            name.zh,
            name.en,
            gathered.rows,
            rows.zh,
            rows.en,
            places.zh,
            places.en
        );
        issues.push_back(std::move(issue));
    }
    return issues;
}

} // namespace tuban
