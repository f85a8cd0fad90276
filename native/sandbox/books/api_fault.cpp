#include "native/sandbox/books/api_fault.hpp"

#include <utility>

namespace rekey::sandbox {

ApiFault validation(std::string code, std::string message, std::string detail,
                    std::string element) {
  return {400,
          "ValidationFault",
          std::move(code),
          std::move(message),
          std::move(detail),
          std::move(element)};
}

ApiFault unsupported(const std::string& operation) {
  return validation("500", "Unsupported Operation",
                    "Operation " + operation + " is not supported by this sandbox");
}

ApiFault not_found(const std::string& what) {
  return validation("610", "Object Not Found",
                    "Object Not Found : Something you're trying to use has been made inactive or "
                    "is not there: " +
                        what);
}

}  // namespace rekey::sandbox
