// Random histories of one grant's refresh machine, and every step of its exploration, as text: what
// the native and the WebAssembly core are compared by.
#pragma once

#include <cstdint>
#include <string>

namespace rekey::test {

/// So many events, refused ones among them, in the form that `refresh::replay` reads; the same for
/// the same seed on every machine.
std::string make_refresh_history(std::uint64_t seed, int events);

/// A line for each state that can be reached: the state, how many steps were taken from it, and a
/// digest of them all.
std::string explored_refreshes();

/// FNV-1a, 64 bits: enough to see that something changed. `from`: of the text before.
std::uint64_t digest(const std::string& text, std::uint64_t from = 0xCBF29CE484222325u);

}  // namespace rekey::test
