#ifndef TUBAN_H
#define TUBAN_H
/* tuban in C99: measures of plots on the ellipsoid, and whole runs.
 *
 * Handles are opaque; plots and layers are immutable once made and may be shared by threads. Every call that can fail
 * returns a status and fills a caller-owned error (which may be NULL); outputs are written only on TUBAN_OK. There are
 * no globals, and no exception or abort crosses this border. Functions up to tuban_geodesic_distance_m() are in
 * libtuban (no GDAL); tuban_run() and tuban_verify() are in libtuban_io.
 */
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define TUBAN_API __declspec(dllimport)
#else
#define TUBAN_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The program's exit codes; 5 to 7 are answers rather than failures. */
typedef enum tuban_status {
    TUBAN_OK = 0,
    TUBAN_INTERNAL = 1,
    TUBAN_INVALID_ARGUMENT = 2,
    TUBAN_UNREADABLE_INPUT = 3,
    TUBAN_INVALID_PROJECT = 4,
    TUBAN_DATA_CHECK_FAILED = 5,
    TUBAN_INFEASIBLE = 6,
    TUBAN_STOPPED = 7,
    TUBAN_UNWRITABLE_OUTPUT = 8,
    TUBAN_INTERRUPTED = 130
} tuban_status;

/* What went wrong. Texts are UTF-8, cut at a character if too long; line and column count from 1, 0: unknown. */
typedef struct tuban_error {
    tuban_status code;
    char message[1024];    /* English */
    char message_zh[1024]; /* Chinese */
    char file[512];
    int line;
    int column;
} tuban_error;

typedef struct tuban_plots tuban_plots;
typedef struct tuban_layer tuban_layer;

/* GDAL's signature: complete in [0, 1]; returning 0 cancels the call (TUBAN_INTERRUPTED). */
typedef int (*tuban_progress)(double complete, const char* message, void* user);

typedef enum tuban_area_method {
    TUBAN_AREA_SURVEY = 0,          /* the official area: trapezoid series, edges cut at 70 m */
    TUBAN_AREA_SURVEY_VERTICES = 1, /* one trapezoid per edge */
    TUBAN_AREA_GEODESIC = 2         /* geodesic edges (Karney) */
} tuban_area_method;

/* Options of tuban_nearest() and tuban_share_within(). Set struct_size = sizeof; later versions only append. */
typedef struct tuban_options {
    size_t struct_size;
    int threads; /* >= 0; 0: as many as the machine has. The result never depends on it. */
    double max_range_m; /* tuban_nearest: (0, 2e6], 0: 500000; farther features do not count */
} tuban_options;

/* "0.1.0" */
TUBAN_API const char* tuban_version(void);
/* "unreadable_input" */
TUBAN_API const char* tuban_status_name(tuban_status status);

/* Plots from n well-known binaries (ISO or EWKB; size 0: no geometry), repaired by the library's one rule.
 * ids: n unique UTF-8 strings. crs: "EPSG:4516" or WKT; coordinates east (longitude) first; edges straight in it.
 * Free with tuban_plots_free(). Fails with TUBAN_UNREADABLE_INPUT (bytes, CRS) or TUBAN_DATA_CHECK_FAILED (ids). */
TUBAN_API tuban_status tuban_plots_from_wkb(
    size_t n,
    const unsigned char* const* wkb,
    const size_t* wkb_sizes,
    const char* const* ids,
    const char* crs,
    tuban_plots** plots,
    tuban_error* error
);
TUBAN_API size_t tuban_plots_count(const tuban_plots* plots);
/* 0 ok, 1 repaired, 2 held out (no geometry is used), 3 no geometry; -1: no such row */
TUBAN_API int tuban_plots_state(const tuban_plots* plots, size_t row);
TUBAN_API void tuban_plots_free(tuban_plots* plots);

/* A context layer of points, lines and polygons. ids may be NULL: "0", "1", … Free with tuban_layer_free(). */
TUBAN_API tuban_status tuban_layer_from_wkb(
    size_t n,
    const unsigned char* const* wkb,
    const size_t* wkb_sizes,
    const char* const* ids,
    const char* crs,
    tuban_layer** layer,
    tuban_error* error
);
TUBAN_API size_t tuban_layer_count(const tuban_layer* layer);
TUBAN_API void tuban_layer_free(tuban_layer* layer);

/* area_m2: n doubles, m², unrounded; NaN where there is no polygon. */
TUBAN_API tuban_status tuban_area_m2(
    const tuban_plots* plots, tuban_area_method method, double* area_m2, tuban_error* error
);
/* perimeter_m: n doubles, m, all rings; NaN where there is no polygon. */
TUBAN_API tuban_status
tuban_perimeter_m(const tuban_plots* plots, double* perimeter_m, tuban_error* error);

/* Shortest distance on the ellipsoid from each plot to the layer, within 1 mm; 0 if they touch or one holds the other.
 * distance_m: n doubles, NaN where nothing is in range. target: n rows of the layer, SIZE_MAX where nothing is; may be
 * NULL. options, progress and user may be NULL. */
TUBAN_API tuban_status tuban_nearest(
    const tuban_plots* plots,
    const tuban_layer* layer,
    double* distance_m,
    size_t* target,
    const tuban_options* options,
    tuban_progress progress,
    void* user,
    tuban_error* error
);

/* Share (0 to 1) of each plot's area within within_m of the layer, to 1e-6; NaN where there is no polygon. */
TUBAN_API tuban_status tuban_share_within(
    const tuban_plots* plots,
    const tuban_layer* layer,
    double within_m,
    double* share,
    const tuban_options* options,
    tuban_progress progress,
    void* user,
    tuban_error* error
);

/* Karney's inverse on CGCS2000, m; degrees. NaN for coordinates out of range. */
TUBAN_API double
tuban_geodesic_distance_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

/* Runs a project file and writes OUT, as `tuban run`. relax != 0: an infeasible project gives the least relaxed plan.
 * Returns TUBAN_INFEASIBLE if no plan meets all requirements (OUT is left as it was unless relax). */
TUBAN_API tuban_status tuban_run(
    const char* project_file,
    const char* out,
    int relax,
    tuban_progress progress,
    void* user,
    tuban_error* error
);
/* Checks plan.gpkg with independent code. findings: how many things are wrong; TUBAN_OK even if there are some. */
TUBAN_API tuban_status
tuban_verify(const char* plan_file, size_t* findings, tuban_error* error);

#ifdef __cplusplus
}
#endif
#endif
