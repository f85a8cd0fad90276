// A page of comparable function, as a team writes it with React: bar, steps, tile with its switch, lists of mappings with
// search, filters, pages and comboboxes, and a bar for Save, over the same /api.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const rows_per_page = 25, filters = ['all', 'undecided', 'suggested', 'chosen', 'none', 'changed', 'conflicts'];
const titles = { accounts: 'Accounts', tax_codes: 'Tax codes', items: 'Items', customers: 'Customers', suppliers: 'Suppliers',
  classes: 'Classes', locations: 'Locations' };
const token = location.hash.replace('#session=', '');
history.replaceState(null, '', location.pathname);
let connection = sessionStorage.getItem('connection') ?? '';

async function call(method, path, body) {
  const headers = { Accept: 'application/json', ...(connection && { 'X-Rekey-Connection': connection }),
    ...(body && { 'Content-Type': 'application/json', 'X-Rekey': '1' }) };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

function Bar({ page }) {
  return <header>
    <strong>{page.host}</strong><span className="grow" /><span className="muted">{page.tenant}</span>
    <button aria-label="Notifications">{page.notices.length}</button>
    <button onClick={() => call('DELETE', '/api/session', {}).then(() => location.reload())}>Sign out</button>
  </header>;
}

function Steps({ state }) {
  const at = state.connect.phase.type !== 'linked' ? 0 : state.import.phase.type !== 'done' ? 1 : state.save.phase.type === 'saved' ? 3 : 2;
  return <ol aria-label="Steps">{['Connect', 'Import', 'Check', 'Save'].map((name, i) =>
    <li key={name} aria-current={i === at ? 'step' : undefined}>{i + 1}. {name}</li>)}</ol>;
}

function Tile({ state }) {
  const on = state.connect.phase.type === 'linked';
  const press = async () => {
    const { redirect } = await call('POST', '/api/commands', { command: on ? 'disconnect' : 'connect' });
    if (redirect) location.assign(redirect); else location.reload();
  };
  return <section aria-label="QuickBooks Online">
    <div className="row"><h2>QuickBooks Online</h2><span className="chip">{on ? 'Connected' : 'Not connected'}</span><span className="grow" />
      <button role="switch" aria-label="QuickBooks Online" aria-checked={on} onClick={press}>{on ? 'ON' : 'OFF'}</button></div>
    <p className="muted">{on ? state.connect.phase.company.name : 'Your customers, suppliers, accounts and tax codes are read once you are connected.'}</p>
  </section>;
}

function Combobox({ section, line, choose }) {
  const [open, set_open] = useState(false), [typed, set_typed] = useState(null), [found, set_found] = useState([]), [active, set_active] = useState(-1);
  const name = line.target?.name ?? (line.state === 'none' ? 'No counterpart' : line.candidates[0]?.record.name ?? '');
  useEffect(() => {
    if (!open) return undefined;
    const later = setTimeout(async () => {
      const { records } = await call('GET', `/api/records/${section}?q=${encodeURIComponent(typed ?? '')}`);
      set_found(records.slice(0, 8));
    }, 150);
    return () => clearTimeout(later);
  }, [open, typed, section]);
  const options = [...line.candidates.map(({ record }) => record), ...found, { id: '', name: 'No counterpart' }];
  const take = (option) => { set_open(false); set_typed(null); choose(line, option.id); };
  const key = ({ key: pressed }) => {
    if (pressed === 'ArrowDown') { set_open(true); set_active(Math.min(active + 1, options.length - 1)); }
    if (pressed === 'ArrowUp') set_active(Math.max(active - 1, 0));
    if (pressed === 'Escape') set_open(false);
    if (pressed === 'Enter' && options[active]) take(options[active]);
  };
  return <div className="box">
    <input role="combobox" aria-label={line.ours.name} aria-expanded={open} aria-controls={`of-${line.ours.id}`} value={typed ?? name}
      onChange={(event) => { set_typed(event.target.value); set_open(true); }} onClick={() => set_open(true)} onBlur={() => set_open(false)} onKeyDown={key} />
    {open && <ul role="listbox" id={`of-${line.ours.id}`}>{options.map((each, i) =>
      <li role="option" key={`${each.id}/${i}`} aria-selected={i === active} onMouseDown={() => take(each)}>{each.name} <span className="muted">{each.detail}</span></li>)}</ul>}
  </div>;
}

function Section({ counts, seen, changed }) {
  const { section } = counts;
  const [looks, set_looks] = useState({ filter: 'all', typed: '', search: '', sort: 'name', page: 0, cursors: [''] });
  const [part, set_part] = useState(null);
  useEffect(() => {
    const later = setTimeout(() => set_looks((all) => all.search === all.typed ? all : { ...all, search: all.typed, page: 0, cursors: [''] }), 200);
    return () => clearTimeout(later);
  }, [looks.typed]);
  const { filter, search, sort } = looks, at = looks.page * rows_per_page, cursor = looks.cursors[Math.floor(at / 50)];
  useEffect(() => {
    const query = new URLSearchParams({ ...(search && { q: search }), ...(filter !== 'all' && { filter }), ...(sort !== 'name' && { sort }), ...(cursor && { cursor }) });
    let wanted = true;
    call('GET', `/api/configuration/${section}?${query}`).then((answer) => wanted && set_part(answer));
    return () => { wanted = false; };
  }, [section, filter, search, sort, cursor, seen]);
  const choose = async (line, theirs) => { await call('PATCH', '/api/configuration', { seen, choices: [{ section, ours: line.ours.id, theirs }] }); changed(); };
  const look = (more) => set_looks({ ...looks, page: 0, cursors: [''], ...more });
  const turn = (by) => set_looks({ ...looks, page: looks.page + by, cursors: part.next ? [...looks.cursors, part.next].slice(0, Math.floor(at / 50) + 2) : looks.cursors });
  const lines = part?.lines.slice(at % 50, (at % 50) + rows_per_page) ?? [];
  return <section aria-label={titles[section]}>
    <h3>{titles[section]}</h3>
    <div className="row" role="group" aria-label="Filter">{filters.filter((each) => each === 'all' || counts[each] > 0).map((each) =>
      <button key={each} aria-pressed={filter === each} onClick={() => look({ filter: each })}>{each} {each === 'all' ? counts.total : counts[each]}</button>)}</div>
    <div className="row"><input type="search" className="grow" aria-label={`Search ${titles[section].toLowerCase()}`} value={looks.typed}
      onChange={(event) => set_looks({ ...looks, typed: event.target.value })} />
      <button onClick={() => look({ sort: sort === 'name' ? '-name' : 'name' })}>{sort === 'name' ? 'A to Z' : 'Z to A'}</button></div>
    {lines.map((line) => <div className="line" key={line.ours.id}>
      <div><div>{line.ours.name}</div><div className="muted">{[line.ours.detail, ...(line.ours.emails ?? []), line.ours.city].filter(Boolean).join(' · ')}</div></div>
      <div><Combobox section={section} line={line} choose={choose} />
        <div className="muted">{line.candidates[0]?.reasons.map((each) => each.replaceAll('_', ' ')).join(', ')}</div></div>
      <span className="chip">{line.state}</span></div>)}
    <div className="row"><span className="muted grow">{at + 1} to {at + lines.length} of {counts.total}</span>
      <button disabled={looks.page === 0} onClick={() => turn(-1)}>Previous</button>
      <button disabled={!part?.next && at % 50 + rows_per_page >= (part?.lines.length ?? 0)} onClick={() => turn(1)}>Next</button></div>
  </section>;
}

function Configuration() {
  const [summary, set_summary] = useState(null), [selected, select] = useState(null);
  const read = () => call('GET', '/api/configuration/summary').then(set_summary);
  useEffect(() => { read(); }, []);
  if (!summary) return <p className="muted">Loading…</p>;
  const counts = summary.sections.find((each) => each.section === selected) ?? summary.sections[0];
  const sum = (name) => summary.sections.reduce((all, each) => all + each[name], 0);
  const save = () => call('POST', '/api/configuration/save', { seen: summary.revision, suggestions: true }).then(read);
  return <div className="beside">
    <nav aria-label="Lists">{summary.sections.map((each) => <button key={each.section} aria-label={titles[each.section]}
      aria-current={each === counts ? 'true' : undefined} onClick={() => select(each.section)}>{titles[each.section]} {each.chosen + each.none} of {each.total}</button>)}</nav>
    <Section key={counts.section} counts={counts} seen={summary.revision} changed={read} />
    <footer><progress max={sum('total')} value={sum('chosen') + sum('none')} aria-label="Decided" />
      <span className="grow">{sum('chosen') + sum('none')} decided, {sum('suggested')} suggested, {sum('undecided')} open</span>
      <button onClick={save}>Save Configuration</button></footer>
  </div>;
}

function Page() {
  const [page, set_page] = useState(null);
  useEffect(() => {
    (async () => {
      if (token) ({ connection } = await call('POST', '/api/session', { token }));
      sessionStorage.setItem('connection', connection);
      set_page(await call('GET', '/api/page'));
    })();
  }, []);
  if (!page) return <p className="muted">Loading…</p>;
  return <><Bar page={page} /><main><h1>Integrations</h1><Steps state={page.state} /><Tile state={page.state} />
    {page.state.import.phase.applied && <Configuration />}</main></>;
}

createRoot(document.getElementById('root')).render(<Page />);
