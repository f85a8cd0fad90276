// What a request of the accounting API is refused with, in the words of the API.
#pragma once

#include <string>

namespace rekey::sandbox {

/// `code` is a string there, always.
struct ApiFault {
  int status = 400;
  std::string type;
  std::string code;
  std::string message;
  std::string detail;
  std::string element;
};

/// What is wrong with a record or a query.
ApiFault validation(std::string code, std::string message, std::string detail,
                    std::string element = "");
ApiFault unsupported(const std::string& operation);
ApiFault not_found(const std::string& what);

}  // namespace rekey::sandbox
