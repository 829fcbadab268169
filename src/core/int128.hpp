#pragma once

namespace tuban {

/// Products of two int64 counts, exactly. An extension of g++ and clang, said so once here.
__extension__ using Int128 = __int128;

} // namespace tuban
