// The configuration of the pretended backend: it keeps what is chosen as the real one does, and answers in parts.
// What it is made of stands in `backend.configuration` (states.mjs), which a test may change under it.

const usual = ['accounts', 'tax_codes', 'customers', 'suppliers'];
const every = ['accounts', 'tax_codes', 'items', 'customers', 'suppliers', 'classes', 'locations'];
const one_to_one = ['customers', 'suppliers'];
const a_page = 50;

const folded = (text) => text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
const by_name = (a, b) => folded(a.name) < folded(b.name) ? -1 : folded(a.name) > folded(b.name) ? 1 : a.id < b.id ? -1 : 1;
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function fits(record, search) {
  const all = folded([record.name, record.detail, record.parent, record.number, record.city, ...(record.emails ?? [])].join('\n'));
  return folded(search).split(/\s+/).filter(Boolean).every((word) => all.includes(word));
}

/** A part of a list, after the record that the cursor names. */
function part(all, cursor, id) {
  const from = cursor ? all.findIndex((each) => id(each) === cursor) + 1 : 0;
  const rows = all.slice(from, from + a_page);
  return { rows, next: from + a_page < all.length ? id(rows.at(-1)) : null };
}

function choice_of({ ours, theirs = null, create = null, undecided = null }, records) {
  if (undecided) return null;
  const name = records.find((each) => each.id === theirs)?.name ?? '';
  return { ours, theirs: theirs ?? '', name, ...(create ? { create: true } : {}) };
}

export class FakeBooks {
  #versions = [];

  constructor(backend) { this.backend = backend; }

  get #data() { return this.backend.configuration; }
  get #revision() { return this.backend.page.state.save.revision; }
  get sections() { return this.backend.page.lists ?? usual; }

  #chosen(section) { return this.#data.configuration[section] ?? []; }
  #theirs(section) { return this.#data.theirs[section] ?? []; }

  #change(section, record, choice, target) {
    const appeared = (this.#data.differences ?? []).some((each) => each.section === section && each.ours === record.id && each.change === 'appeared');
    if (!choice) return appeared ? 'appeared' : null;
    if (!choice.theirs) return null;
    if (!target) return 'target_gone';
    if (!target.active) return 'target_inactive';
    return choice.name && choice.name !== target.name ? 'target_renamed' : null;
  }

  #line(section, record) {
    const choice = this.#chosen(section).find((each) => each.ours === record.id) ?? null;
    const target = choice && this.#theirs(section).find((each) => each.id === choice.theirs) || null;
    const candidates = (this.#data[`suggested_${section}`] ?? []).filter((each) => each.ours === record.id)
      .map(({ theirs, confidence, reasons, apply }) => ({ record: this.#theirs(section).find((each) => each.id === theirs), confidence, reasons, applies: apply }));
    const state = !choice ? (candidates.length ? 'suggested' : 'undecided') : choice.create ? 'create' : choice.theirs ? 'chosen' : 'none';
    return { ours: record, state, choice, target, change: this.#change(section, record, choice, target),
             conflict: Boolean(choice && this.#shared(section, choice)), gone: false, candidates };
  }

  #shared(section, { ours, theirs }) {
    return one_to_one.includes(section) && theirs !== '' && this.#chosen(section).some((each) => each.theirs === theirs && each.ours !== ours);
  }

  #lines(section) { return [...(this.#data.ours[section] ?? [])].sort(by_name).map((each) => this.#line(section, each)); }

  #counts() {
    return this.sections.map((section) => {
      const lines = this.#lines(section);
      const count = (wanted) => lines.filter(wanted).length;
      return { section, total: lines.length, ...Object.fromEntries(['undecided', 'suggested', 'chosen', 'none', 'create'].map((state) => [state, count((each) => each.state === state)])),
               changed: count((each) => each.change), conflicts: count((each) => each.conflict), gone: 0 };
    });
  }

  #changes() {
    return this.sections.flatMap((section) => {
      const found = this.#lines(section).map((each) => each.change).filter(Boolean);
      return [...new Set(found)].map((change) => ({ section, change, count: found.filter((each) => each === change).length }));
    });
  }

  summary() {
    const { company, terms, configuration, facts, set_aside, required } = this.#data;
    this.#know();
    return { revision: this.#revision, saved: this.#versions.findLast((each) => each.saved)?.revision ?? null, company,
             settings: configuration.settings, terms, sections: this.#counts(), matching: this.#data.matching ?? false,
             facts: facts ?? {}, set_aside: set_aside ?? [], required: required ?? [], changes: this.#changes() };
  }

  lines(section, query) {
    const filter = query.get('filter');
    const passes = (line) => !filter || (filter === 'changed' ? line.change : filter === 'conflicts' ? line.conflict : filter === 'gone' ? line.gone : line.state === filter);
    const all = this.#lines(section).filter((line) => passes(line) && fits(line.ours, query.get('q') ?? ''));
    if (query.get('sort') === '-name') all.reverse();
    const { rows, next } = part(all, query.get('cursor'), (each) => each.ours.id);
    return { revision: this.#revision, lines: rows, next };
  }

  records(section, query) {
    const all = [...this.#theirs(section)].sort(by_name).filter((each) => fits(each, query.get('q') ?? ''));
    const { rows, next } = part(all, query.get('cursor'), (each) => each.id);
    return { records: rows, next };
  }

  /** What stands now is a version, also when no edit made it. */
  #know() {
    if (this.#revision > 0 && !this.#versions.some((each) => each.revision === this.#revision)) this.note(this.backend.page.state.save.phase.type === 'saved');
  }

  versions() {
    this.#know();
    const versions = this.#versions.map(({ revision, at, saved }) => ({ revision, at, saved, actor: null })).reverse();
    return { versions, next: null };
  }

  compare(query) {
    this.#know();
    const find = (revision) => this.#versions.find((each) => each.revision === revision)?.configuration;
    const from = Number(query.get('from')), to = Number(query.get('to') ?? 0) || this.#revision;
    const before = find(from), after = find(to);
    if (!before || !after) return null;
    const choices = this.sections.flatMap((section) => this.#data.ours[section].flatMap(({ id, name }) => {
      const [was, is] = [before, after].map((each) => (each[section] ?? []).find((choice) => choice.ours === id) ?? null);
      return same(was, is) ? [] : [{ section, ours: id, name: name ?? '', before: was, after: is, actor: null }];
    }));
    return { from, to, choices, settings: same(before.settings, after.settings) ? null : after.settings, next: null };
  }

  set_aside() { return { records: this.#data.set_aside_records ?? [], next: null }; }

  // Changing: each gives how many lines it changed. ------------------------------------------------

  /** What stands now, as a version: before the first change, too, so that it can be gone back to. */
  note(saved = false) {
    this.#versions = this.#versions.filter((each) => each.revision !== this.#revision);
    this.#versions.push({ revision: this.#revision, at: Date.now(), saved, configuration: structuredClone(this.#data.configuration) });
  }

  #put(section, ours, choice) {
    const rest = this.#chosen(section).filter((each) => each.ours !== ours);
    this.#data.configuration[section] = choice ? [...rest, choice] : rest;
  }

  patch({ choices, settings = null }) {
    for (const each of choices) this.#put(each.section, each.ours, choice_of(each, this.#theirs(each.section)));
    if (settings) this.#data.configuration.settings = settings;
    return choices.length;
  }

  /** Lines whose best suggestion may be accepted: sure enough, without an equal, and nobody else's. */
  acceptable(section, wanted) {
    const open = this.#lines(section).filter((each) => each.state === 'suggested');
    const best = (line) => line.candidates[0];
    return open.filter((line) => {
      const { record, confidence } = best(line);
      const alone = open.filter((each) => best(each).record.id === record.id).length === 1 &&
        !this.#chosen(section).some((each) => each.theirs === record.id);
      return wanted(best(line)) && record.active && !(line.candidates[1]?.confidence >= confidence) && (alone || !one_to_one.includes(section));
    }).map((line) => ({ ours: line.ours.id, theirs: best(line).record.id, name: best(line).record.name }));
  }

  accept(section, wanted) {
    const choices = this.acceptable(section, wanted);
    for (const each of choices) this.#put(section, each.ours, each);
    return choices.length;
  }

  go_back(revision) {
    const version = this.#versions.find((each) => each.revision === revision);
    if (!version) return null;
    const changed = this.compare(new URLSearchParams({ from: revision })).choices.length;
    this.#data.configuration = structuredClone(version.configuration);
    return changed;
  }

  problems({ two_to_one = false }) {
    return this.sections.flatMap((section) => this.#lines(section).flatMap((line) => {
      const found = [];
      if (['target_gone', 'target_inactive'].includes(line.change)) found.push(line.change);
      if (line.conflict && !two_to_one) found.push('two_to_one');
      if (this.#data.required?.includes(section) && !line.choice) found.push('undecided');
      return found.map((problem) => ({ problem, section, ours: line.ours.id, name: line.ours.name }));
    }));
  }

  edited(outcome, changed, named = []) {
    const lines = named.flatMap(({ section, ours }) => (this.#data.ours[section] ?? []).filter((each) => each.id === ours).map((each) => this.#line(section, each)));
    return { outcome, changed, sections: this.#counts(), lines };
  }

  sheet() {
    const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
    const rows = this.sections.flatMap((section) => this.#lines(section).map(({ ours, choice }) =>
      [section, ours.name, ours.id, choice ? (choice.theirs ? 'chosen' : choice.create ? 'create' : 'none') : 'undecided', choice?.theirs ?? '', choice?.name ?? ''].map(quoted).join(',')));
    return ['section,name,id,decision,counterpart_id,counterpart_name', ...rows, ''].join('\r\n');
  }
}

/** Whether a path has a section as its last part; of which one. */
export const section_in = (path) => every.find((each) => path.endsWith(`/${each}`)) ?? null;
