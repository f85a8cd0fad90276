// The forms of the front page: which page may send one, and what JSON the same control would take.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "native/http/http.hpp"
#include "native/sandbox/pages/address.hpp"

namespace rekey::sandbox {

/// Whether a browser sent this for a page of another site. Programs do not say whose page they are.
bool is_of_another_site(const Address& address, const http::Request& request);

/// Whether the body is a form. JSON is JSON also when it is called a form, as curl does.
bool is_form(const http::Request& request);

/// What a form asks for.
struct ControlForm {
  std::string method = "POST";  ///< the field `method`, since forms know only GET and POST
  std::string section;          ///< the field `section`: where on the page the form is
  nlohmann::json body;          ///< the other fields that are not empty
};

/// Reads a form, or the query of an address. Numbers, true and false become such; the last of
/// several fields of a name counts; a field `more` holds a form of its own, for choices that set
/// different fields.
ControlForm read_form(std::string_view text);

}  // namespace rekey::sandbox
