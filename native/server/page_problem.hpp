// Problems of the page's surface, /api: the id of a sentence in the page's catalogue of texts, and
// the values for its {places}. The sentence itself is the page's, in its language.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "core/oauth/callback.hpp"
#include "core/text/catalogue.hpp"
#include "native/server/problem.hpp"

namespace rekey::server {

/// What a problem of the page can say besides the general message of its code.
enum class PageMessage {
  session_ended,
  link_spent,
  other_page,           ///< the tab names a connection that this browser has no session of
  which_page,           ///< it names none, and the browser has several
  confirm_link,         ///< the link is another firm's than the page that is open
  confirm_link_person,  ///< and names the person it was made for
  company_elsewhere,
  too_fast,
  streams_of_session,
  streams_of_peer,
  streams_in_all,
};

/// What is true of every problem with this message.
struct PageMessageEntry {
  PageMessage message;
  Code code;
  std::string_view id;                       ///< in public/lang
  std::array<std::string_view, 2> places{};  ///< of its text
};

/// Every message, in the order of the enumeration.
std::span<const PageMessageEntry> page_messages();
/// The message of a code for which nothing more exact is known; its text has no places.
std::string_view general_message(Code code);

/// A problem that the page has a sentence of its own for. `more`: further members.
http::Response page_problem(PageMessage message, const text::Values& values,
                            const wire::Json& more = nullptr);
/// A problem with the general message of its code. The error's sentence is for the log: it speaks
/// of what the page sent, and a person cannot change that.
http::Response page_problem(const Error& error);
/// A refusal by the state machine (409), and a callback that cannot be used (400).
http::Response page_problem(Refusal refusal);
http::Response page_problem(oauth::Flaw flaw);

/// The answer to a request whose handler is not known to be of one surface: in the page's form
/// under /api, otherwise as `problem`.
http::Response problem_at(std::string_view path, const Error& error);

}  // namespace rekey::server
