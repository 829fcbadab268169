/* Distance from two plots to a road, and their official areas, through the C functions. The shapes are made up (合成数据).
 *   cc distances.c $(pkg-config --cflags --libs tuban) -o distances */
#include <stdio.h>
#include <string.h>
#include <tuban/tuban.h>

/* Well-known binary of one ring or line in native byte order. */
static size_t write_wkb(unsigned char* to, unsigned type, const double (*xy)[2], unsigned n) {
    const unsigned char little = 1;
    const unsigned rings = 1;
    unsigned char* at = to;
    memcpy(at, &little, 1), at += 1;
    memcpy(at, &type, 4), at += 4;
    if (type == 3) memcpy(at, &rings, 4), at += 4;
    memcpy(at, &n, 4), at += 4;
    memcpy(at, xy, n * sizeof *xy), at += n * sizeof *xy;
    return (size_t)(at - to);
}

int main(void) {
    /* Squares of 100 m in CGCS2000 / 3-degree Gauss-Kruger zone 28, 300 m and 1300 m north of a road. */
    static const double near_plot[5][2] = {
        {28468000, 5089300}, {28468100, 5089300}, {28468100, 5089400}, {28468000, 5089400}, {28468000, 5089300}};
    static const double far_plot[5][2] = {
        {28469000, 5090300}, {28469100, 5090300}, {28469100, 5090400}, {28469000, 5090400}, {28469000, 5090300}};
    static const double road[2][2] = {{28460000, 5089000}, {28480000, 5089000}};
    unsigned char plot_bytes[2][128], road_bytes[64];
    const unsigned char* plot_wkb[2] = {plot_bytes[0], plot_bytes[1]};
    const unsigned char* road_wkb[1] = {road_bytes};
    const size_t plot_sizes[2] = {write_wkb(plot_bytes[0], 3, near_plot, 5), write_wkb(plot_bytes[1], 3, far_plot, 5)};
    const size_t road_sizes[1] = {write_wkb(road_bytes, 2, road, 2)};
    const char* ids[2] = {"near", "far"};

    tuban_error error;
    tuban_plots* plots = NULL;
    tuban_layer* roads = NULL;
    double area_m2[2], distance_m[2];
    size_t target[2];
    int i;
    if (tuban_plots_from_wkb(2, plot_wkb, plot_sizes, ids, "EPSG:4516", &plots, &error) != TUBAN_OK ||
        tuban_layer_from_wkb(1, road_wkb, road_sizes, NULL, "EPSG:4516", &roads, &error) != TUBAN_OK ||
        tuban_area_m2(plots, TUBAN_AREA_SURVEY, area_m2, &error) != TUBAN_OK ||
        tuban_nearest(plots, roads, distance_m, target, NULL, NULL, NULL, &error) != TUBAN_OK) {
        fprintf(stderr, "%s: %s\n", tuban_status_name(error.code), error.message);
        return (int)error.code;
    }
    for (i = 0; i < 2; ++i) printf("%s %.2f m2 %.3f m\n", ids[i], area_m2[i], distance_m[i]);
    tuban_layer_free(roads);
    tuban_plots_free(plots);
    return 0;
}
