#pragma once

/// Compiles a function twice, for processors with AVX2 and for all others; which one runs is chosen when the library is
/// loaded. Both do the same operations in the same order, without fused multiply-adds: their results are the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#define TUBAN_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define TUBAN_VECTOR_CLONES
#endif
