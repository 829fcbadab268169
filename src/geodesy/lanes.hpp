#pragma once
#include <array>
#include <cstddef>
#include <cstring>

// Several numbers at a time. A kernel is written once for any width; each lane does what the loop over single numbers
// would do, without fused multiply-adds, so that every width gives the same bits.

#if defined(__x86_64__) && defined(__GNUC__)
/// A function that may use AVX2; called only where has_avx2().
#define TUBAN_AVX2 [[gnu::target("avx2")]]
#else
#define TUBAN_AVX2
#endif

/// A loop that the compiler makes vector instructions of by itself: compiled for processors with AVX2 and for all others,
/// the choice is made when the library is loaded. Same operations, same order, same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#define TUBAN_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define TUBAN_VECTOR_CLONES
#endif

/// A kernel's body: compiled as part of the function that names the instructions it may use.
#define TUBAN_INLINE [[gnu::always_inline]] inline

namespace tuban {

/// Whether this processor has AVX2.
[[nodiscard]] inline bool has_avx2() {
#if defined(__x86_64__) && defined(__GNUC__)
    static const auto has = static_cast<bool>(__builtin_cpu_supports("avx2"));
    return has;
#else
    return false;
#endif
}

inline constexpr std::size_t plain_bytes = 16; ///< of a register that every processor has
inline constexpr std::size_t wide_bytes = 32;  ///< of one of AVX2

template <std::size_t bytes>
using Doubles [[gnu::vector_size(bytes)]] = double;
template <std::size_t bytes>
using Floats [[gnu::vector_size(bytes)]] = float;

template <class Lanes, class Number>
TUBAN_INLINE void load(Lanes& lanes, const Number* from) {
    std::memcpy(&lanes, from, sizeof(Lanes));
}

template <class Lanes, class Number>
TUBAN_INLINE void store(const Lanes& lanes, Number* to) {
    std::memcpy(to, &lanes, sizeof(Lanes));
}

template <class Lanes>
TUBAN_INLINE void keep_smaller(Lanes& least, const Lanes& other) {
    least = other < least ? other : least;
}

template <class Lanes>
TUBAN_INLINE void keep_larger(Lanes& most, const Lanes& other) {
    most = other > most ? other : most;
}

} // namespace tuban
