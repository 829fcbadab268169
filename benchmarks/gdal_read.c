/* Reads every feature's shape and fields through GDAL and nothing else, as features or through the layer's Arrow stream.
 * Usage: gdal_read FILE features|arrow      Prints rows, vertices or bytes of shapes, and a sum of what was read. */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_recordbatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long long rows, shape_bytes, field_bytes;

static void read_features(OGRLayerH layer) {
    const int fields = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer));
    unsigned char* wkb = NULL;
    int room = 0;
    OGRFeatureH feature;
    while ((feature = OGR_L_GetNextFeature(layer)) != NULL) {
        OGRGeometryH shape = OGR_F_GetGeometryRef(feature);
        ++rows;
        if (shape != NULL) { /* the bytes of the shape, as any reader needs them */
            const int size = OGR_G_WkbSize(shape);
            if (size > room) {
                room = 2 * size;
                wkb = realloc(wkb, (size_t)room);
            }
            OGR_G_ExportToIsoWkb(shape, wkbNDR, wkb);
            shape_bytes += size;
        }
        for (int i = 0; i < fields; ++i) {
            field_bytes += (long long)strlen(OGR_F_GetFieldAsString(feature, i));
        }
        OGR_F_Destroy(feature);
    }
    free(wkb);
}

static int read_stream(OGRLayerH layer) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    if (!OGR_L_GetArrowStream(layer, &stream, NULL) || stream.get_schema(&stream, &schema) != 0) {
        return 1;
    }
    while (stream.get_next(&stream, &batch) == 0 && batch.release != NULL) {
        rows += batch.length;
        for (int64_t i = 0; i < batch.n_children; ++i) {
            const char* format = schema.children[i]->format;
            if (strcmp(format, "z") == 0 || strcmp(format, "u") == 0) {
                const int32_t* offsets = batch.children[i]->buffers[1];
                *(format[0] == 'z' ? &shape_bytes : &field_bytes) += offsets[batch.length];
            }
        }
        batch.release(&batch);
    }
    schema.release(&schema);
    stream.release(&stream);
    return 0;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 2;
    }
    GDALAllRegister();
    GDALDatasetH data = GDALOpenEx(argv[1], GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    if (data == NULL) {
        return 1;
    }
    OGRLayerH layer = GDALDatasetGetLayer(data, 0);
    if (strcmp(argv[2], "arrow") == 0) {
        if (read_stream(layer) != 0) {
            return 1;
        }
    } else {
        read_features(layer);
    }
    printf("%lld %lld %lld\n", rows, shape_bytes, field_bytes);
    GDALClose(data);
    return 0;
}
