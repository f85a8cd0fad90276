// Reading the configuration as a whole: how it stands, and the rows that are to be shown.
#include <algorithm>

#include "web/model/later.hpp"
#include "web/model/looking.hpp"
#include "web/model/place.hpp"

namespace rekey::web {

std::int64_t Looking::Reading::oldest_revision() const {
  auto out = summary.revision;
  for (const auto& each : parts) out = std::min(out, each.lines.revision);
  return out;
}

/// Whether an answer is of no use any more, because something newer was asked for; or the last that
/// is used, because there is trouble.
bool Looking::is_over(const Readings& reading, const Trouble* trouble) {
  if (reading->number != this->*reading->newest) return true;
  if (!trouble) return false;
  this->*reading->newest = ++asked_;
  std::exchange(reading->then, {})(reading, trouble);
  return true;
}

void Looking::begin(std::int64_t Looking::*newest,
                    std::function<void(const Readings&, const Trouble*)> then) {
  const auto& shown = visit_.model.mapping;
  auto reading = std::make_shared<Reading>(Reading{newest});
  reading->number = this->*newest = ++asked_;
  reading->then = std::move(then);
  if (shown) {
    reading->mapping = *shown;
    reading->seen = shown->revision;
  } else {
    restore_looks(visit_, reading->mapping);
  }
  visit_.backend->summary([this, reading](Reply<wire::ConfigurationSummary> reply) {
    if (is_over(reading, reply.value ? nullptr : &reply.trouble)) return;
    reading->summary = *reply.value;
    take_summary(reading->mapping, std::move(*reply.value));
    read_parts(reading);
  });
}

void Looking::read_parts(const Readings& reading) {
  for (const auto section : reading->mapping.shown()) {
    const auto& view = reading->mapping.of(section);
    reading->parts.push_back({section, view.asked, place_of(view)});
  }
  reading->awaited = reading->parts.size();
  if (reading->parts.empty()) return std::exchange(reading->then, {})(reading, nullptr);
  for (std::size_t i = 0; i < reading->parts.size(); ++i) {
    const auto& part = reading->parts[i];
    const auto& looks = reading->mapping.of(part.section).looks;
    visit_.backend->lines(query_of(part.section, looks, part.place),
                          [this, reading, i](Reply<wire::LinesPage> reply) {
                            if (is_over(reading, reply.value ? nullptr : &reply.trouble)) return;
                            reading->parts[i].lines = std::move(*reply.value);
                            if (--reading->awaited > 0) return;
                            std::exchange(reading->then, {})(reading, nullptr);
                          });
  }
}

void Looking::read(std::function<void(const Trouble*)> then) {
  begin(&Looking::reading_,
        [this, then = std::move(then)](const Readings& reading, const Trouble* trouble) {
          if (!trouble) read_ = reading;
          then(trouble);
        });
}

std::int64_t Looking::read_revision() const {
  return read_->oldest_revision();
}

void Looking::show_read() {
  if (const auto reading = std::exchange(read_, {})) show(*reading);
}

void Looking::read_again() {
  is_read_again_ = true;
  begin(&Looking::reading_again_, [this](const Readings& reading, const Trouble* trouble) {
    is_read_again_ = false;
    auto& mapping = visit_.model.mapping;
    if (trouble) {
      if (mapping) mapping->counts_are_old = false;
      // What is shown stays; the next step of the connection, or the person, asks again.
      if (trouble->kind == Trouble::Kind::session_ended) visit_.ended(*trouble);
      return;
    }
    if (!mapping) return;
    // What was confirmed since may not be in it.
    const auto newest = mapping->revision;
    if (reading->oldest_revision() < newest && reading->seen < newest) return read_again();
    show(*reading);
  });
}

void Looking::show(Reading& reading) {
  auto& mapping = *visit_.model.mapping;
  mapping.counts_are_old = false;
  take_summary(mapping, std::move(reading.summary));
  for (const auto section : mapping.order) {
    auto& view = mapping.of(section);
    if (mapping::is_among(section, mapping.shown())) continue;
    // What is not shown is read when it is: it may be otherwise by then.
    view.rows.clear();
    view.lines.clear();
    view.next.reset();
    view.read = false;
  }
  mapping::Sections fresh;
  for (auto& part : reading.parts) {
    // What the person looks at otherwise by now is asked for anew.
    if (mapping.of(part.section).asked != part.asked) continue;
    fresh.push_back(part.section);
    got_lines(part.section, std::move(part.lines), std::move(part.place));
  }
  lay_over(mapping);
  for (const auto section : mapping.shown()) {
    const auto& view = mapping.of(section);
    if (!mapping::is_among(section, fresh) && !view.reading) read_lines(section, place_of(view));
    count_acceptable(section);
  }
  watch_matching();
}

/// Suggestions that are being made come by themselves, and nothing tells of them.
void Looking::watch_matching() {
  if (!visit_.model.mapping->matching || matching_ != 0) return;
  const auto asked = matching_ = ++asked_;
  later(matching_ms, [this, asked] {
    if (matching_ != asked) return;
    matching_ = 0;
    if (visit_.model.mapping) read_again();
  });
}

void Looking::start_over() {
  auto& model = visit_.model;
  interrupted_ |= matching_ != 0 || is_read_again_;
  is_read_again_ = false;
  reading_ = reading_again_ = ++asked_;
  matching_ = 0;
  read_.reset();
  model.versions.reading = model.comparison.reading = model.set_aside.reading = false;
  if (!model.mapping) return;
  model.mapping->open.reset();
  for (auto& view : model.mapping->sections) {
    interrupted_ |= view.reading;
    view.reading = false;
    view.asked = ++asked_;
  }
}

void Looking::resume() {
  if (std::exchange(interrupted_, false) && visit_.model.mapping) read_again();
}

}  // namespace rekey::web
