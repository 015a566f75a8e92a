'use strict';
(() => {
  const table = document.getElementById('fleet');
  if (!table) return; // an empty fleet

  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const controls = document.getElementById('controls');
  const search = document.getElementById('search');
  const label = document.getElementById('label');
  const order = document.getElementById('order');
  const chips = Array.from(controls.querySelectorAll('[data-class]'));
  const shown = document.getElementById('shown');
  const nothing = document.getElementById('nothing');
  const more = document.getElementById('more');
  const number = new Intl.NumberFormat('en');
  const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }); // 6.13 goes after 6.4

  const rows = Array.from(body.rows, (tr, place) => ({
    tr, place, of: tr.dataset.class, labels: Array.from(tr.querySelectorAll('.label'), (span) => span.textContent), text: tr.textContent.toLowerCase(),
    keys: Array.from(tr.cells, (td) => td.dataset.key ?? td.textContent.trim()),
  }));
  let column = 0;
  let direction = 1;
  let most = 500; // rows that are laid out: more of them make a page slow, and nobody reads them


  // Rows that say nothing in a column go last, whichever way it is sorted; equal ones keep the order of the file.
  function compare(a, b) {
    const x = a.keys[column], y = b.keys[column];
    if (x === '' || y === '') return (x === '') - (y === '') || a.place - b.place;
    const found = heads[column].dataset.kind === 'number' ? x - y : words.compare(x, y);
    return direction * found || a.place - b.place;
  }

  function sortBy(wanted, way) {
    column = wanted;
    direction = way;
    // Taken out one by one, each row would look for its neighbour among all the line ends that are left: that took seconds.
    body.replaceChildren();
    const sorted = document.createDocumentFragment();
    rows.sort(compare);
    for (const row of rows) sorted.append(row.tr);
    show();
    body.append(sorted);
    heads.forEach((th, i) => {
      if (i === column) th.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
      else th.removeAttribute('aria-sort');
    });
    order.value = String(column);
  }

  function show() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const classes = chips.filter((chip) => chip.dataset.class && chip.getAttribute('aria-pressed') === 'true').map((chip) => chip.dataset.class);
    remember(classes);
    let fitting = 0;
    for (const row of rows) {
      const fits = (label.value === '' || row.labels.includes(label.value)) && (classes.length === 0 || classes.includes(row.of)) && wanted.every((word) => row.text.includes(word));
      if (fits) fitting++;
      const seen = fits && fitting <= most;
      if (row.tr.hidden === seen) row.tr.hidden = !seen;
    }
    const all = number.format(rows.length);
    shown.textContent = fitting === rows.length ? all + (rows.length === 1 ? ' workspace' : ' workspaces') : number.format(fitting) + ' of ' + all + ' workspaces';
    nothing.hidden = fitting > 0;
    more.hidden = fitting <= most;
    more.textContent = 'Show all ' + number.format(fitting) + ', not only the first ' + number.format(most);
  }

  // What is filtered stands in the address, so that a link or a bookmark shows the same.
  function remember(classes) {
    const said = new URLSearchParams();
    if (search.value) said.set('q', search.value);
    if (classes.length > 0) said.set('class', classes.join(','));
    if (label.value) said.set('label', label.value);
    if (column !== 0 || direction !== 1) said.set('sort', (direction > 0 ? '' : '-') + column);
    const hash = said.toString();
    if (hash !== location.hash.slice(1)) history.replaceState(null, '', hash ? '#' + hash : location.href.split('#')[0]);
  }

  function recall() {
    const said = new URLSearchParams(location.hash.slice(1));
    if (![...said.keys()].some((key) => ['q', 'class', 'label', 'sort'].includes(key))) return;
    const classes = (said.get('class') ?? '').split(',');
    search.value = said.get('q') ?? '';
    label.value = said.get('label') ?? '';
    if (label.selectedIndex < 0) label.value = '';
    chips.forEach((chip) => chip.setAttribute('aria-pressed', String(chip.dataset.class !== '' && classes.includes(chip.dataset.class))));
    if (chips.every((chip) => chip.getAttribute('aria-pressed') !== 'true')) chips[0].setAttribute('aria-pressed', 'true');
    const sort = said.get('sort') ?? '0';
    sortBy(Math.min(Math.abs(Number.parseInt(sort, 10)) || 0, heads.length - 1), sort.startsWith('-') ? -1 : 1);
  }

  function press(chip) {
    const all = chips[0];
    if (chip === all) chips.forEach((other) => other.setAttribute('aria-pressed', String(other === all)));
    else {
      chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
      all.setAttribute('aria-pressed', String(chips.every((other) => other === all || other.getAttribute('aria-pressed') !== 'true')));
    }
    show();
  }

  heads.forEach((th, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = th.textContent;
    button.addEventListener('click', () => sortBy(i, i === column ? -direction : 1));
    th.replaceChildren(button);
    order.append(new Option(button.textContent, String(i)));
  });
  const labels = Array.from(new Set(rows.flatMap((row) => row.labels))).sort(words.compare);
  labels.slice(0, 500).forEach((one) => label.append(new Option(one, one)));
  document.getElementById('labelled').hidden = labels.length === 0;
  label.addEventListener('change', show);
  order.addEventListener('change', () => sortBy(Number(order.value), 1));
  document.getElementById('turn').addEventListener('click', () => sortBy(column, -direction));
  chips.forEach((chip) => chip.addEventListener('click', () => press(chip)));
  search.addEventListener('input', show);
  controls.addEventListener('submit', (event) => event.preventDefault());
  document.getElementById('clear').addEventListener('click', () => {
    search.value = '';
    label.value = '';
    press(chips[0]);
    search.focus();
  });
  const showAll = () => { most = Infinity; show(); };
  more.addEventListener('click', () => { showAll(); table.querySelector('button').focus({ preventScroll: true }); });
  window.addEventListener('beforeprint', showAll);
  controls.hidden = false;
  window.addEventListener('hashchange', recall);
  recall();
  show(); // a browser may have kept what was typed before the page was loaded again
})();
