"""What performance.md says, in two languages of the same shape."""

ENGLISH = {
    "title": "Performance against peers",
    "made": "Made by `benchmarks/peers/run --json RESULTS` and `benchmarks/peers/page RESULTS`; no figure is written by hand.",
    "machine": "{cpu}, {cores} cores, {memory_gib} GiB, {system}.",
    "versions": "Versions: {}.",
    "how": "How it is measured",
    "rules": (
        "Same files, one run, by turns, one core, one thread; CPU time of the process, for a database of its server's process too. "
        "One discarded warm-up, {repeats} rounds; a figure is the ratio of the medians (least–greatest ratio of a round). "
        "Above 1 tuban is quicker.",
        "**each plot**: what all plots cost beyond one plot, so without building an index (– where that is under a tenth of the call; what answers one plot without an index is charged for it); "
        "**call**: all of it, index included; **with reading**: reading the files once added (a database's: its index too).",
        "Answers are compared first; what disagrees is not timed. Planar peers get the files in the plane ({plane} for the synthetic series), "
        "tuban and geography in longitude and latitude. Distances may differ by the plane's distortion (|scale − 1| over the case, below) times the "
        "distance + 5 mm, by 0.7 % for geography, whose search goes by a sphere; shares (8 segments to a quarter circle) must lie between "
        "ours at −1.5 % and +1 % of the distance, groups between ours for a distance shorter and longer by its error; transforms "
        "within 0.01 mm.",
        "GEOS is IndexedFacetDistance over the whole layer for distances (it does not see what lies within a plot), and prepared plots "
        "that skip joined pairs for clusters. Shares are asked of at most 1000 plots. A call of more than {longest:g} s is skipped.",
        "The synthetic series (合成数据, seeded): stars of 8–64 vertices, 20–300 m in radius; lines of 10 segments of 50 m, half of them in towns; "
        "as dense everywhere, 100 km square for 1e5 segments. Real extracts: land cover against roads, © OpenStreetMap contributors, ODbL; every second mine of Amazon Mining Watch (CC BY 4.0) against the others.",
    ),
    "cases": "Cases",
    "case_heads": ("case", "plots", "features", "segments", "distortion"),
    "workloads": {"nearest": "Distance to the nearest", "share": "Share within a distance", "clusters": "Clusters within 100 m",
                  "transform": "Transform, plane to longitude and latitude"},
    "heads": ("case", "plots", "segments", "peer", "each plot", "call", "with reading", "tuban s", "peer s", "tuban MB", "peer MB", "target"),
    "head_vertices": "vertices",
    "share_case": "{case}, {metres:g} m",
    "growth": "Growth",
    "by_plots": "CPU seconds of a call of nearest over plots, at {fixed:.0e} segments",
    "by_segments": "CPU seconds of a call of nearest over segments, with {fixed:.0e} plots",
    "own": "What tuban takes for the nearest, all of a call:",
    "own_heads": ("case", "plots", "segments", "CPU s", "wall s", "MB"),
    "targets": "Targets",
    "targets_how": "The least ratio of all cases counts: by *each plot*, or by *call* where no case tells that (as for transforms).",
    "target_heads": ("workload", "peer", "target", "least, each plot", "least, call", "result"),
    "far": {False: ", under 1 km", True: ", 1 km"},
    "met": "met",
    "missed": "missed: the target is {factor} times that",
    "skipped": "Skipped",
    "skipped_heads": ("case", "workload", "peer", "reason"),
    "nothing": "Nothing.",
}

CHINESE = {
    "title": "与同类软件的速度对比",
    "made": "由 `benchmarks/peers/run --json RESULTS` 与 `benchmarks/peers/page RESULTS` 生成，没有手写的数字。",
    "machine": "{cpu}，{cores} 核，{memory_gib} GiB，{system}。",
    "versions": "版本：{}。",
    "how": "怎样测",
    "rules": (
        "同样的文件，同一次运行，轮流执行，一个核、一个线程；计进程的 CPU 时间，数据库另加其服务进程。先热身一次不计，再测 {repeats} 轮；"
        "表中为中位数之比（括号内为各轮之比的最小–最大）。大于 1 表示 tuban 更快。",
        "**每个图斑**：全部图斑比一个图斑多用的时间，即不含建索引（不足整个调用的十分之一时记 –；一个图斑不建索引就答的，索引算在内）；**一次调用**：全部，含建索引；"
        "**含读取**：再加读一次文件（数据库含建索引）。",
        "先比较结果，不一致的不计时。平面软件读平面坐标的文件（合成系列为 {plane}），tuban 与 geography 读经纬度。距离之差不得超过"
        "平面变形（算例范围内 |比例 − 1|，见下表）乘以距离加 5 mm，geography 按球面查找，为 0.7 %；比例（四分之一圆 8 段）须在距离 −1.5 % 与 +1 % 时的结果之间，"
        "成片须在距离减、加其误差时的结果之间；坐标转换不超过 0.01 mm。",
        "GEOS 求距离用整个图层的 IndexedFacetDistance（看不到图斑内部的要素），成片用预处理图斑并跳过已连通的对。比例最多算 1000 个图斑。"
        "一次调用超过 {longest:g} s 的略过。",
        "合成系列（合成数据，固定种子）：8–64 个顶点、半径 20–300 m 的星形图斑；每条 10 段、每段约 50 m 的线，一半在城镇；疏密处处相同，1e5 段为 100 km 见方。"
        "真实数据：土地覆盖对道路，© OpenStreetMap contributors, ODbL；Amazon Mining Watch（CC BY 4.0）的矿区，一半对另一半。",
    ),
    "cases": "算例",
    "case_heads": ("算例", "图斑", "要素", "线段", "平面变形"),
    "workloads": {"nearest": "最近距离", "share": "一定距离内的面积比例", "clusters": "100 m 以内成片", "transform": "坐标转换：平面到经纬度"},
    "heads": ("算例", "图斑", "线段", "对比软件", "每个图斑", "一次调用", "含读取", "tuban s", "对方 s", "tuban MB", "对方 MB", "目标"),
    "head_vertices": "顶点",
    "share_case": "{case}，{metres:g} m",
    "growth": "随规模增长",
    "by_plots": "最近距离一次调用的 CPU 秒数随图斑数的变化，线段 {fixed:.0e}",
    "by_segments": "最近距离一次调用的 CPU 秒数随线段数的变化，图斑 {fixed:.0e}",
    "own": "tuban 求最近距离一次调用的用量：",
    "own_heads": ("算例", "图斑", "线段", "CPU 秒", "墙钟秒", "MB"),
    "targets": "目标",
    "targets_how": "取各算例中最小的倍数：按“每个图斑”；没有算例给得出的（如坐标转换），按“一次调用”。",
    "target_heads": ("项目", "对比软件", "目标", "最小，每个图斑", "最小，一次调用", "结果"),
    "far": {False: "，1 km 以下", True: "，1 km"},
    "met": "达到",
    "missed": "未达到，目标为其 {factor} 倍",
    "skipped": "略过",
    "skipped_heads": ("算例", "项目", "对比软件", "原因"),
    "nothing": "没有。",
}

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
