#include <tuban/core.hpp>

#include <array>

namespace tuban {

namespace {

struct Words {
    std::string_view zh;
    std::string_view en;
};

struct Kind {
    std::string_view code;
    Words name;
    Words advice;
};

constexpr auto all_kinds = std::to_array<Kind>({
    {"accept_unused",
     {"接受了不需接受的图斑", "nothing to accept"},
     {"plots: accept: 里的编号没有被拒绝的修复；请检查编号，或删去它。",
      "An id under plots: accept: has no refused repair: check it, or take it out."}},
    {"area_disagrees",
     {"面积与口径不符", "area disagrees"},
     {"该行的面积与这一列其余各行的口径不同，可能是手工改过或图形改过；请核对后统一。",
      "The row's area was made in another way than the rest of its column, or its figure or "
      "geometry was changed: check it."}},
    {"area_exceeds_plot",
     {"治理面积过大", "restored area too large"},
     {"治理或核定的面积大于图斑面积；请改正其中之一。",
      "A restored or verified area exceeds the plot: correct one of them."}},
    {"area_negative",
     {"面积为负", "negative area"},
     {"面积不能是负数；请在源数据中改正。", "An area cannot be negative: correct the source."}},
    {"area_not_ground",
     {"面积列不是地面面积", "not an area on the ground"},
     {"这一列是 Web 墨卡托平面或经纬度平方度的面积，不能用于方案；请改用椭球面积。",
      "The column holds areas in the Web Mercator plane or in square degrees: use the area on "
      "the ellipsoid instead."}},
    {"area_unexplained",
     {"面积列与图形不符", "area column fits no shapes"},
     {"这一列按任何算法都与图形对不上，可能填错列、单位不明或图形有变；请核对后再用它排期。",
      "By no method do the shapes give this column: it may be of another column, unit or "
      "version. Check it before a plan counts it."}},
    {"area_unit_contradicted",
     {"面积单位与写明的不同", "area in another unit than told"},
     {"项目文件把这一列当作另一个单位的面积，与图形相差成百上千倍；请改 fields: 里的键。",
      "The project takes the column as areas in another unit than the shapes show, hundreds of "
      "times off: change the key under fields:."}},
    {"axes_swapped",
     {"按指定调换了坐标轴", "axes swapped as told"},
     {"坐标按先北后东读取，位置见说明；如不对，请去掉 axes（--axes yx）。",
      "Coordinates were read north before east, and the message says where that is: if it is "
      "wrong, take axes (--axes yx) out."}},
    {"box_contradicted",
     {"外框与图形不符", "box against its shape"},
     {"GeoPackage 写明的外框没有包住图形的顶点，不是外框写错就是顶点被改动；"
      "地图软件按外框查找会漏掉这些图形，请对照原图核对后重新保存。",
      "The box that the GeoPackage states does not hold the vertices: it is wrong, or a vertex "
      "was "
      "moved. Programs that search by boxes miss such shapes: compare them with the original "
      "and "
      "save them anew."}},
    {"box_too_large",
     {"外框比图形大", "box larger than its shape"},
     {"文件写明的外框比顶点的范围大，可能有最外侧的顶点被改动；请对照原图核对。",
      "The box stated in the file exceeds the vertices: an outermost one may have been moved. "
      "Compare with the original."}},
    {"centre_outside",
     {"中心点不在图斑内", "centre outside of the plot"},
     {"中心点坐标离图斑太远，多半是坐标系或中心点有误；请核对。",
      "The centre lies far from the plot: the coordinate system or the centre is probably "
      "wrong."}},
    {"centre_swapped",
     {"中心点经纬度写反", "centre swapped"},
     {"经度和纬度写反了；请在源数据中改正。",
      "Longitude and latitude have changed places: correct the source."}},
    {"clusters_borderline",
     {"连片与否在误差之内", "joined or not within the error"},
     {"两图斑的间距与所给米数几乎相等，测量误差即可左右是否连片；如有影响，请把米数改大或改小一"
      "点。",
      "The gap between two plots equals the given metres within the error of measuring: where "
      "it "
      "matters, give a little more or less."}},
    {"column_ambiguous",
     {"字段名不明", "ambiguous field name"},
     {"字段名被截断，有几种可能；不猜测，请改用短的字段名。",
      "A field name was cut and may be several: nothing is assumed, use short names."}},
    {"column_completed",
     {"补全字段名", "field name completed"},
     {"DBF 的字段名最长 10 字节；按国家标准的字段名补全。",
      "Field names in a DBF have at most 10 bytes; it was completed from the national "
      "schema."}},
    {"condition",
     {"条件有疑问", "doubtful condition"},
     {"条件能执行，但多半不是想要的意思；请对照说明改写。",
      "The condition runs, but probably does not say what was meant: reword it."}},
    {"control_line_as_zone",
     {"三区三线当三区两线用", "三区三线 used as 三区两线"},
     {"三区三线（永久基本农田、生态保护红线、城镇开发边界）的图层充当了三区两线方案里的图层：两"
      "者不是一回事，请核对。",
      "A layer of 三区三线 (permanent farmland, red line, urban boundary) serves the profile "
      "of 三区两线: the two are not the "
      "same, check which is meant."}},
    {"coordinates_local",
     {"像是局部坐标", "local drawing coordinates"},
     {"坐标从 0 "
      "附近数起，像是没有定位的绘图（CAD）坐标，不知道图斑在哪里；请用控制点放到真实坐标上再导"
      "出，"
      "或在项目文件中写平面四参数。",
      "The coordinates are counted from near 0, as in a drawing (CAD) that was never placed: "
      "nobody "
      "knows where the plots are. Place it by control points and export it again, or give four "
      "plane parameters in the project."}},
    {"county_line",
     {"跨县界", "across the county line"},
     {"图斑跨县界，各县的面积占比见说明；请与邻县核对。",
      "The plot crosses a county line; the shares are in the message: agree with the "
      "neighbour."}},
    {"county_mismatch",
     {"县不一致", "county mismatch"},
     {"编号、县名与位置说的不是同一个县；请查明是哪一个县的图斑。",
      "Id, county and place do not name the same county: find out whose plot it is."}},
    {"county_not_checked",
     {"未核对所在县", "county not checked"},
     {"没有给县界，只核对了是否在编号所说省份的外框之内；在这个外框里偏多远都看不出来。给县界文"
      "件（--boundary 或项目里的 "
      "boundary:）即核对。",
      "Without county outlines only the box around the province of the ids is checked: a layer "
      "that is off passes as long as it stays in it. Give outlines by --boundary, or boundary: "
      "in the project."}},
    {"crs_against_codes",
     {"位置与行政代码不符", "place against county codes"},
     {"坐标落在编号所说的省份之外；坐标系或编号有误，请核对。",
      "The coordinates lie outside of the province that the ids name: check the CRS and the "
      "ids."}},
    {"crs_contradicted",
     {"坐标系与坐标不符", "CRS contradicted"},
     {"坐标数值不可能在所说的坐标系里；请确认后用 crs（--crs）或 axes（--axes）写明。",
      "The numbers cannot be in the CRS that is named: confirm the right one by crs (--crs) or "
      "axes (--axes)."}},
    {"crs_doubtful",
     {"坐标系可疑", "doubtful CRS"},
     {"坐标落在坐标系适用范围之外；请核对坐标系，结果只在坐标系无误时有效。",
      "The coordinates lie outside of where the CRS is used: check it, the results hold only "
      "if it is right."}},
    {"crs_missing",
     {"没有坐标系", "no CRS"},
     {"没有坐标系就不知道图斑在哪里；请确认后用 crs（--crs）写明。",
      "Without a CRS nobody knows where the plots are: confirm one and name it by crs "
      "(--crs)."}},
    {"crs_unreadable",
     {"坐标系文件读不懂", "unreadable .prj"},
     {"旁边有 .prj 文件，但读不出坐标系；请从原软件重新导出，或确认坐标系后用 "
      "crs（--crs）写明。",
      "There is a .prj, but no CRS can be read from it: export the data anew, or confirm the "
      "CRS and name it by crs (--crs)."}},
    {"curves_linearised",
     {"曲线化为折线", "curves made straight"},
     {"圆弧等曲线按固定容差化为折线，面积随之有微小差别。",
      "Arcs were replaced by short straight edges; the area differs slightly."}},
    {"datum_replaced",
     {"基准面由您改定", "datum replaced"},
     {"两个基准面的位置相差几十至上百米，图上看不出来；请查明数据真正的基准面。",
      "Positions on the two datums are tens of metres to more than a hundred apart, and no map "
      "shows it: find out which datum the data are in."}},
    {"datum_shift_applied",
     {"按所给参数转换基准面", "datum shift applied"},
     {"位置按项目文件给的参数转换到 CGCS2000；精度取决于这些参数，由提供者负责。",
      "Positions were brought to CGCS2000 by the parameters of the project; they are as good "
      "as those, which whoever gave them answers for."}},
    {"datum_taken_as_equal",
     {"基准面视同 CGCS2000", "datum taken as CGCS2000"},
     {"WGS 84、ETRS89、ITRF 与 CGCS2000 相差不到 1 米，不作转换。",
      "WGS 84, ETRS89 and ITRF lie within 1 m of CGCS2000; nothing is converted."}},
    {"dense_vertices",
     {"顶点过密", "dense vertices"},
     {"连续二十个以上不足 1.5 米的短边，多为缓冲区或 CAD "
      "圆弧；面积不受影响，但文件偏大，可适当抽稀。",
      "Twenty or more edges in a row under 1.5 m: a buffer or an arc from CAD. The area is "
      "right; thin the outline if the file is too large."}},
    {"dimensions_dropped",
     {"舍去 Z、M 值", "Z and M dropped"},
     {"只用平面坐标，面积和距离不受影响。",
      "Only plane coordinates are used; areas and distances do not change."}},
    {"duplicate_geometry",
     {"图形重复", "the same geometry twice"},
     {"两个图斑的图形完全相同，面积会重复计算；请删去一个，或改正图形。",
      "Two plots cover the same ground and would count twice: delete one, or correct its "
      "outline."}},
    {"duplicate_id",
     {"编号重复", "repeated id"},
     {"每个图斑要有自己的编号，否则不能运行；请改正编号，或换一列作编号。",
      "Every plot needs an id of its own before a run: correct them, or name another column."}},
    {"duplicate_ring",
     {"环重复", "a ring occurs twice"},
     {"同一个环出现两次，只算一次；请在源数据中删去多余的环。",
      "The same ring occurs twice and counts once: delete one in the source."}},
    {"duplicate_vertices",
     {"顶点重复", "repeated vertices"},
     {"相邻顶点坐标相同，已去掉，面积不变。",
      "Neighbouring vertices are the same; one is dropped and the area does not change."}},
    {"empty_layer",
     {"图层为空", "empty layer"},
     {"图层里没有要素：图斑层不能运行，其他图层的指标都为空；请检查是否选错了文件或图层。",
      "The layer has no features: plots cannot be run, indicators of other layers are null; "
      "check that file and layer are the ones meant."}},
    {"encoding_contradicted",
     {"指定的编码可疑", "named encoding doubtful"},
     {"按您指定的编码读取，但字节更像另一种；请核对文字。",
      "Read in the encoding you named, but the bytes look like another: check the words."}},
    {"encoding_guessed",
     {"编码是推测的", "encoding guessed"},
     {"文件没有说明编码，字节也不像通常的中文；请核对文字并写明 encoding。",
      "The file names no encoding and the bytes are no ordinary Chinese: check the words and "
      "name it by encoding."}},
    {"encoding_overruled",
     {"编码声明有误", "encoding hint overruled"},
     {"声明的编码与字节不符，已按字节判断；如不对，请写明 encoding。",
      "The declared encoding contradicts the bytes, which decide; name it by encoding if that "
      "is wrong."}},
    {"far_from_plots",
     {"与图斑不在一处", "far from the plots"},
     {"图层或高程离图斑很远，与它有关的指标为空或没有意义；请核对是不是别处的数据，坐标系对不对"
      "。",
      "A layer or the elevation lies far from the plots, and its indicators are null or mean "
      "nothing: check whether it is another place's data, and its CRS."}},
    {"features_dropped",
     {"有条目不是要素", "entries that are no features"},
     {"GeoJSON 的 features 里有空值或文字，这些条目没有读入；请补全或删去。",
      "Entries of the GeoJSON's \"features\" are null or text and were not read: complete them "
      "or take them out."}},
    {"filter_matches_nothing",
     {"筛选落空", "filter picks nothing"},
     {"要求的 where "
      "没有选中任何图斑，这条要求形同虚设；文字用单引号，列值要与数据里的写法一致。",
      "The where of a requirement picks no plot, so it asks for nothing: text goes in single "
      "quotes and values must be written as in the data."}},
    {"gate_not_judged",
     {"准入条件待测算后判断", "gate left to a run"},
     {"条件用到测算的指标，检查时还没有；运行时会判断。",
      "The condition needs indicators that only a run measures; the run judges it."}},
    {"gcj02_suspected",
     {"疑似 GCJ-02 或 BD-09 偏移", "GCJ-02 or BD-09 suspected"},
     {"网络地图的坐标整体偏移数百米；没有自动纠正，请取得未加偏的数据。",
      "Coordinates of web maps are shifted by hundreds of metres; nothing was corrected: get "
      "data without the shift."}},
    {"geometry_damaged",
     {"图形已损坏", "geometry damaged"},
     {"图形的数据在，但读不出或自相矛盾，该行不参与；请从原始数据重新导出。",
      "The geometry is there, but cannot be read or contradicts itself: the row takes no part. "
      "Export it anew from the original."}},
    {"given_area_missing",
     {"给定面积缺失", "given area missing"},
     {"该行没有给定面积，不计入计划；请补上。",
      "The row has no given area and counts for nothing: fill it in."}},
    {"header_below_title",
     {"表头上面有标题行", "title above the header"},
     {"工作表的第一行不是表头，已按下面的表头读取；请核对列名是否对得上。",
      "The sheet does not begin with its header; the header further down was taken: check that "
      "the columns are the right ones."}},
    {"held_out",
     {"暂缓，待核实", "held out"},
     {"图斑不参与测算，原因见各条：修复会使面积改动超过限度，或坐标超出坐标系的范围；请在源"
      "数据中改正。",
      "The plot takes no part, for the reason its message gives: mending it would change its "
      "area too much, or its coordinates lie outside of their CRS. Correct the source."}},
    {"hole_crosses_shell",
     {"洞越过外环", "a hole crosses the outer ring"},
     {"洞只从外环以内减去，越出的部分不算；请改正洞的边界。",
      "Only what lies inside the outer ring is taken away: correct the hole."}},
    {"hole_first",
     {"洞排在外环之前", "a hole is listed first"},
     {"各部分中最大的环是外环，已按此调整次序，面积不变。",
      "The largest ring of a part is the outer one; the order was set right and the area does "
      "not change."}},
    {"hole_on_shell",
     {"洞与外环共边", "a hole shares an edge with the outer ring"},
     {"洞贴着外环，修复后成为缺口，面积不变。",
      "The hole lies on the border; repair makes it a notch and the area does not change."}},
    {"hole_outside",
     {"洞在外环之外", "a hole outside of the outer ring"},
     {"外环以外的洞没有可减的面积，不算；如果它本应是另一块，请改正。",
      "There is nothing to take away, so it does not count; if it was meant as another part, "
      "correct it."}},
    {"holes_overlap",
     {"洞相互重叠", "holes overlap"},
     {"重叠的洞合并，只减一次；请改正洞的边界。",
      "They are united and taken away once: correct their outlines."}},
    {"id_digits_lost",
     {"编号丢了位数", "digits of ids lost"},
     {"编号存成了数，只剩 15 位有效数字；请从原始数据重新取得，编号列要存成文本。",
      "Ids were stored as numbers and kept 15 digits: get them anew from the original, in a "
      "column of text."}},
    {"id_form",
     {"编号格式", "form of ids"},
     {"图斑编号不是国家的格式，不能从中得出县和矿山。",
      "Ids have none of the national forms; county and mine do not follow from them."}},
    {"id_normalised",
     {"编号已规范", "ids normalised"},
     {"去掉了编号中的空格，全角和小写改成标准写法。",
      "Spaces in ids were dropped, full-width and lower-case characters replaced."}},
    {"index_contradicted",
     {"空间索引不对", "spatial index wrong"},
     {"文件的空间索引漏了图形；这里不用它，但地图软件会漏掉这些图形，请重建空间索引。",
      "The file's spatial index misses shapes. It is not used here, but programs that search "
      "by "
      "it miss them: build it anew."}},
    {"interior_cut",
     {"内部被割开", "the inside is cut apart"},
     {"环相接，把内部割成几块；修复后各成一块，面积不变。",
      "Rings that touch cut the inside apart; repair makes parts of it and the area does not "
      "change."}},
    {"invalid_geometry",
     {"图形不合规则", "invalid geometry"},
     {"图形不合面的规则，已按唯一的修复规则处理；请对照修复台账。",
      "The polygon breaks the rules of polygons; see in the ledger what the one rule of repair "
      "makes of it."}},
    {"join_column_collision",
     {"同名列", "columns of both"},
     {"两边都有的列，用图斑文件的。",
      "Columns that both sides have are taken from the plots."}},
    {"join_debris",
     {"连接留下的列", "column left by a join"},
     {"带“_1”的列与原列重复；用原列，不同的行请查明。",
      "A column with \"_1\" doubles another, which is used: look into rows that differ."}},
    {"join_duplicate",
     {"表中编号重复", "repeated key"},
     {"并入的表里编号重复，取第一行；请改正。",
      "Ids repeat in the joined table and the first row counts: correct it."}},
    {"join_unmatched",
     {"编号对不上", "unmatched ids"},
     {"两边的编号对不上；对不上的行没有并入的列。",
      "Ids do not match; such rows lack the joined columns."}},
    {"land_class_unknown",
     {"地类编码不认识", "unknown codes of land"},
     {"地类图层的类别不是三调地类编码，这些图斑覆盖的地面按未知处理；请把 class "
      "写成地类编码（DLBM）的字段。",
      "Classes of the land layer are no codes of the land survey, and what they cover counts "
      "as "
      "unknown: let class name the column of codes (DLBM)."}},
    {"layer_chosen",
     {"选定了图层", "layer chosen"},
     {"文件里有几个图层，读的是名为 plots 的；要读别的请用 layer（--layer）写明。",
      "Of several layers the one called plots was read: name another by layer (--layer)."}},
    {"layer_from_landuse",
     {"用地类图斑代替图层", "land polygons in place of a layer"},
     {"项目没有给这个图层，距离量到地类图斑的边线；有专门的图层时请写进 layers:，以它为准。",
      "The project gives no such layer, so distances are to the edges of land polygons: name a "
      "layer of its own under layers: if there is one, and it counts instead."}},
    {"mine_id_mismatch",
     {"主体编号不一致", "mine id mismatch"},
     {"主体编号不是图斑编号去掉末三位；归并矿山时按所给的主体编号。",
      "The mine id is not the plot id less three digits; plots are grouped by the mine id "
      "given."}},
    {"missing_value",
     {"缺值", "missing value"},
     {"该行缺少规则或约束要用的值；请补上。",
      "A value that a rule or requirement needs is missing: fill it in."}},
    {"mixed_geometry",
     {"点线面混合", "mixed geometry"},
     {"几何集合里只取维数最高的部分。",
      "Of a collection only the highest dimension is taken."}},
    {"needle",
     {"针状尖角", "needle"},
     {"边界伸出去又贴着原路返回，宽不到 1 毫米；面积照算，请核对该顶点。",
      "The outline goes out and comes back less than 1 mm beside: it counts as it is; check "
      "that vertex."}},
    {"nested_holes",
     {"洞中有洞", "a hole within a hole"},
     {"里面的洞已在外面的洞里，不再另减；如果里面是一块孤岛，请改为单独的部分。",
      "It is taken away already; if an island was meant, make it a part of its own."}},
    {"nested_shells",
     {"部分相互包含", "a part lies within another"},
     {"被包含的部分只算一次；如果它本应是洞，请在源数据中改为洞。",
      "It counts once; if a hole was meant, make it a hole in the source."}},
    {"no_geometry",
     {"没有图形", "no geometry"},
     {"没有图形就没有测算的面积和距离；只有给定的面积列能用。",
      "Without geometry there are no measured areas or distances; only a given area counts."}},
    {"no_id",
     {"没有编号", "no id"},
     {"按行号编号；行序变动后编号会变，请补上编号。",
      "Numbered by row: reordering the file changes these ids, so fill them in."}},
    {"not_finite",
     {"坐标不是有效数字", "a coordinate is no number"},
     {"顶点坐标是 NaN、无穷大或大得离谱，图斑不参与；请在源数据中改正。",
      "A vertex is NaN, infinite or absurdly far away; the plot takes no part: correct the "
      "source."}},
    {"not_polygon",
     {"不是面", "not a polygon"},
     {"图斑应为面；点或线没有面积，不参与。",
      "A plot must be a polygon: a point or line has no area and takes no part."}},
    {"nothing_usable",
     {"没有能参与的图斑", "no plot may take part"},
     {"没有一行有可计的面积。有图形时改正图形；只有表格时，在项目文件的 plots: fields: "
      "里写明面积列（area_m2、area_ha 或 area_mu）。",
      "No row has an area that counts. Correct the geometry, or, for a table, name its area "
      "column under plots: fields: in a project (area_m2, area_ha or area_mu)."}},
    {"null_condition",
     {"条件遇空值", "condition met null"},
     {"条件用到的值为空，按不成立处理。",
      "A value that the condition uses is null: taken as false."}},
    {"number_unreadable",
     {"数值读不出", "number that cannot be read"},
     {"数值字段里写的不是数，该格按空值处理；请在源数据中改正。",
      "A cell of a numeric field holds no number and counts as empty: correct the source."}},
    {"out_of_range",
     {"范围内没有要素", "nothing in range"},
     {"在搜索范围内没有找到要素，距离为空。",
      "No feature lies in range; the distance is null."}},
    {"outside_counties",
     {"不在县界内", "outside of all counties"},
     {"图斑有一部分不在县界图层的任何一个县内；请核对坐标系和县界。",
      "Part of the plot lies in no county of the boundary layer: check the coordinate system "
      "and the layer."}},
    {"overlap",
     {"图斑重叠", "plots overlap"},
     {"两个图斑共有的面积会重复计算；请核对边界，从其中一个减去。",
      "What two plots share counts twice: check their borders and cut one of them."}},
    {"overlapping_parts",
     {"部分相互重叠", "parts overlap"},
     {"同一图斑的各部分取并集，重叠处只算一次；请改正边界。",
      "Parts of a plot are united and what they share counts once: correct their outlines."}},
    {"parts_share_edge",
     {"部分之间共边", "parts share an edge"},
     {"相邻的部分已合并为一块，面积不变。",
      "Neighbouring parts are joined; the area does not change."}},
    {"personal_data_dropped",
     {"舍去个人信息", "personal data dropped"},
     {"核查人员信息不读入，也不写出。", "Data on inspectors are neither read nor written."}},
    {"plot_far_away",
     {"远离其余图斑", "far from the others"},
     {"多半是坐标写错、带号或坐标系与其余各行不同；请对照原图和县代码核对，确实在那里的可以不管"
      "。",
      "Mostly a mistyped coordinate, or a zone or CRS other than that of the rest: compare it "
      "with the original and the county; if it does lie there, leave it."}},
    {"prj_unusual",
     {"坐标系文件写法少见", "unusual .prj"},
     {".prj 不是通常的写法，已按内容读出坐标系；请核对，并在项目文件中写 crs: "
      "以免其他软件读错。",
      "The .prj is not written in the usual way; its content was read. Check it, and write "
      "crs: "
      "in the project so that no other program takes it for another."}},
    {"repair_accepted",
     {"接受了超限的修复", "repair taken beyond the limit"},
     {"修复改动的面积超过限度，用户在 accept 里核实接受，按修复后的图形计算。",
      "Repair changes the area beyond the limit; the user took it by accept, so it counts as "
      "repaired."}},
    {"repaired",
     {"图形已修复", "geometry repaired"},
     {"按唯一的修复规则改正，面积变化在限度之内；修复台账有前后对照。",
      "Mended by the one rule of repair, area within the limit; the ledger shows before and "
      "after."}},
    {"reuse_column_missing",
     {"再利用筛选缺少数据", "reuse: a column is missing"},
     {"再利用筛选的条件用到没有的列，用到它的用途一律不会判为可以；请补充图层或高程，或改条件"
      "。",
      "A condition of the reuse screening reads a column that is not there, and no use that "
      "needs "
      "it is ever found fit: add the layer or heights, or change the condition."}},
    {"ring_collapses",
     {"环退化为点或线", "a ring encloses nothing"},
     {"不足三个不同顶点或顶点都在一条线上的环没有面积，已去掉。",
      "A ring of fewer than three vertices, or all on one line, has no area and is dropped."}},
    {"ring_orientation",
     {"洞与外环同向", "a hole runs the same way as its outer ring"},
     {"洞的方向应与外环相反，已调整，面积不变。",
      "A hole should run against its outer ring; that was set right and the area does not "
      "change."}},
    {"rounded",
     {"四舍五入", "rounded"},
     {"数值的位数多于所需，已四舍五入。",
      "Figures had more digits than are kept and were rounded half up."}},
    {"rows_deleted",
     {"有行标记为已删除", "rows marked as deleted"},
     {"这些行在桌面 GIS 或数据库里删除过，只是文件还没有压缩（pack），这里不算图斑；"
      "误删的请在原软件中恢复，否则压缩或另存一次，此提示即消失。",
      "They were deleted in a desktop GIS or a database, and the file was not packed since; "
      "here "
      "they are no plots. Undelete them if that was a mistake, else pack the file or save it "
      "anew."}},
    {"rows_uncounted",
     {"文件头的行数偏少", "rows beyond the header's count"},
     {"文件里存的行比文件头写的多，多半是保存时中断；多出的行没有读入，请在原软件中核对后重新保"
      "存。",
      "More rows are stored than the header counts, mostly because saving was interrupted; "
      "they "
      "were not read: check the file in the program it comes from and save it anew."}},
    {"self_intersection",
     {"边界自相交", "the outline crosses itself"},
     {"按奇偶规则，交叉成的各块都算面积、绕两圈的部分不算；请在源数据中改正次序错乱的顶点。",
      "By even–odd, each lobe counts and what is wound around twice does not: put its vertices "
      "in order in the source."}},
    {"self_overlap",
     {"边界往返重合", "the outline runs back along itself"},
     {"重合的边不围成面积，已去掉；请对照修复台账里前后的面积。",
      "Edges that run along each other enclose nothing and are dropped; the area does not "
      "change."}},
    {"self_touch",
     {"边界自相接", "the outline touches itself"},
     {"边界在一点与自己相接，修复后分为几块或成为洞，面积不变。",
      "It is split into parts, or the inside becomes a hole; the area does not change."}},
    {"shape_numbers",
     {"图形编号不连续", "shape numbers out of step"},
     {".shp 里的图形编号与行号不一致；请核对图形与属性是否对应。",
      "The numbers of shapes in the .shp differ from their rows: check that shapes and "
      "attributes belong together."}},
    {"sliver_part",
     {"狭小部分", "sliver"},
     {"面积不足 1 平方米，或平均宽度不足 0.1 米，多为叠加或数字化的残余；照算，请核对。",
      "Under 1 m², or under 0.1 m wide on average: mostly left over from an overlay. It "
      "counts; look at it."}},
    {"spike",
     {"尖刺", "spike"},
     {"边界伸出去又原路返回，不围成面积，已去掉。",
      "The outline goes out and comes back the same way: it encloses nothing and is dropped."}},
    {"surround_uncovered",
     {"周边地类不全", "land round the plot not known"},
     {"图斑周边有一部分没有地类图斑覆盖，占比按整个环带算；已知的不到一半时不给建议方向。",
      "Part of the ground round the plot is covered by no land polygon; shares are of the "
      "whole "
      "ring, and no direction is suggested where less than half of it is known."}},
    {"terrain",
     {"高程数据说明", "terrain"},
     {"高程缺失或超出范围，地形指标为空或不全。",
      "Heights are missing or out of range; terrain indicators are null or partial."}},
    {"text_broken",
     {"文字有坏字节", "broken text"},
     {"有的字节读不出，以替代符显示；请在源数据中改正。",
      "Some bytes are no character and show as a mark: correct the source."}},
    {"text_cut",
     {"文字被截断", "text cut off"},
     {"DBF 的文字最长 254 字节，超出的已丢失；请取得原文。",
      "Text in a DBF has at most 254 bytes; the rest was lost before: get the original."}},
    {"text_mixed",
     {"个别行编码不同", "rows in another encoding"},
     {"个别格子的文字编码与全列不同，已按该格自己的编码读取；请核对文字。",
      "Some cells have text in another encoding than their column and were read in their own: "
      "check the words."}},
    {"too_long",
     {"边界过长", "outline too long"},
     {"边界总长超过一百万千米，不可能是一个图斑，不参与；请检查坐标。",
      "The outline is longer than a million kilometres: that is no plot, and it takes no part; "
      "check the coordinates."}},
    {"too_tangled",
     {"边界过于错乱", "too tangled"},
     {"边界相交超过两万处，不作修复，图斑不参与；请在源数据中重新生成。",
      "Edges meet in more than 20 000 places; it is not repaired and takes no part: make it "
      "anew in the source."}},
    {"unclosed_ring",
     {"环未闭合", "ring not closed"},
     {"末点与首点不同，已直接连上；如果边界缺了一段，请补上。",
      "The last vertex is not the first; they are joined by a straight edge. If a piece of the "
      "outline is missing, put it back."}},
    {"unit_doubtful",
     {"单位可疑", "doubtful unit"},
     {"列名里写的单位与项目文件里的键不同，可能差成百上千倍；请核对 fields: 里的键。",
      "The unit in the column's name is not that of the project's key, which may make it "
      "hundreds of times off: check the key under fields:."}},
    {"unknown_code",
     {"代码不认识", "unknown code"},
     {"值不在代码表内，原样保留；用到它的条件可能不成立，请改正（check --json 的 values "
      "列出全部的值和行）。",
      "The value is in no code list and stays as it is; conditions may miss it: correct it "
      "(values of check --json has all of them, with their rows)."}},
    {"unknown_mode",
     {"修复方式不认识", "unknown restoration mode"},
     {"该行不计修复方式；请改为 1—4、A—D 或四种方式的名称。",
      "The row counts as without mode: write 1–4, A–D or one of the four names."}},
    {"value_unreadable",
     {"值读不懂", "value that cannot be read"},
     {"年份、日期或数写得不像，原样保留；用到它的条件可能不成立，请改正（check --json 的 "
      "values 列出全部的值和行）。",
      "What should be a year, a date or a number is none, and stays as it is; conditions may "
      "miss it: correct it (values of check --json has all of them, with their rows)."}},
    {"values_normalised",
     {"值已规范", "values normalised"},
     {"标签、全角字符、日期等改成标准写法，含义不变。",
      "Labels, full-width characters, dates and the like were put in the standard form."}},
    {"zone_borderline",
     {"三区两线离界限太近", "三区两线: too near the limit"},
     {"距离或占比与界限之差不到误差：判断按算得的数，请到现场核实。",
      "Distance or share is nearer to the limit than its error: the verdict follows the "
      "number, check it on site."}},
    {"zone_unknown",
     {"三区两线判断不了", "三区两线: unknown"},
     {"图层缺失、为空、不到图斑这里，或类别看不出：记为 "
      "unknown，不当作不在；请补数据，或在项目里去掉这条规则。",
      "A layer is missing, empty, ends elsewhere or has classes that nobody names: the verdict "
      "is unknown, never no; add data "
      "or leave the rule out in the project."}},
});

Text text_of(const Words& words) {
    return {std::string(words.zh), std::string(words.en)};
}

} // namespace

const std::vector<IssueKind>& issue_kinds() {
    static const std::vector<IssueKind> kinds = [] {
        std::vector<IssueKind> made;
        made.reserve(all_kinds.size());
        for (const Kind& kind : all_kinds) {
            made.push_back({kind.code, text_of(kind.name), text_of(kind.advice)});
        }
        return made;
    }();
    return kinds;
}

} // namespace tuban
