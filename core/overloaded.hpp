// Visits a variant with a lambda for each alternative and no generic one. An alternative that is
// added then does not compile until the visit says what happens to it.
#pragma once

namespace rekey {

template <class... T>
struct Overloaded : T... {
  using T::operator()...;
};
template <class... T>
Overloaded(T...) -> Overloaded<T...>;

}  // namespace rekey
