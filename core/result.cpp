#include "core/result.hpp"

namespace rekey {

std::string_view code_name(Code code) {
  switch (code) {
    case Code::bad_input:
      return "bad_input";
    case Code::not_found:
      return "not_found";
    case Code::not_allowed:
      return "not_allowed";
    case Code::conflict:
      return "conflict";
    case Code::not_possible:
      return "not_possible";
    case Code::refused:
      return "refused";
    case Code::unreachable:
      return "unreachable";
    case Code::unreadable:
      return "unreadable";
    case Code::misconfigured:
      return "misconfigured";
    case Code::exhausted:
      return "exhausted";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace rekey
