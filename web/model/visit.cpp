#include "web/model/visit.hpp"

#include "web/platform/platform.hpp"

namespace rekey::web {

std::string Visit::own_key(std::string_view name) const {
  return "rekey." + std::string(name) + "." + connection;
}

void Visit::take(const wire::Outcome& outcome) {
  web::take(model, outcome.seq, outcome.state, outcome.notices);
}

Message message_of(const Trouble& trouble, std::string_view title) {
  using Kind = Trouble::Kind;
  Message message{Tone::danger, std::string(title), "trouble.fault"};
  if (trouble.kind == Kind::unreachable || trouble.kind == Kind::absent)
    message.text = "trouble.unreachable";
  message.words = words_of(trouble.problem);
  const auto id = "refused." + trouble.problem.refusal.value_or("");
  if (texts().has(id)) {
    message.tone = Tone::warning;
    message.words.clear();
    message.text = id;
  }
  return message;
}

void Visit::failed(const Trouble& trouble, std::string_view title,
                   std::optional<Message> Model::*where) {
  if (trouble.kind == Trouble::Kind::session_ended) return ended(trouble);
  model.*where = message_of(trouble, title);
  refresh();
}

void Visit::refresh() {
  backend->page([this, mine = generation](Reply<wire::Page> reply) {
    if (mine != generation) return;
    if (!reply.value) {
      if (reply.trouble.kind == Trouble::Kind::session_ended) ended(reply.trouble);
      return;
    }
    model.clock = reply.value->now - from_ms(platform::now_ms());
    web::take(model, reply.value->seq, reply.value->state, reply.value->notices);
    stepped();
  });
}

}  // namespace rekey::web
