/* The form of a department: saves each cell as it is left, pastes blocks, moves with arrows and Enter; what cannot be sent stays in this browser. */
(function () {
  'use strict';
  var form = document.getElementById('cells');
  if (!form) { return; }
  var status = document.getElementById('saving');
  var csrf = document.body.dataset.csrf;
  var FIELDS = ['value', 'unit', 'source', 'note'];
  var waiting = {};
  var kept = 'gep' + form.dataset.url;
  var busy = false;

  function rowOf(input) { return input.closest('tr'); }
  function field(row, name) { return row.querySelector('[name^="' + name + '."]'); }
  function member(row) { var own = field(row, 'member'); return own ? own.value.trim() : row.dataset.member; }
  function read(row) {
    var cell = { variable: row.dataset.variable, member: member(row), version: Number(row.dataset.version) };
    FIELDS.forEach(function (name) { cell[name] = field(row, name).value.trim(); });
    return cell;
  }
  function say(text) { status.textContent = text; }
  function keep() {
    try {
      var ids = Object.keys(waiting);
      if (ids.length) { window.localStorage.setItem(kept, JSON.stringify(ids.map(function (id) { return read(waiting[id]); }))); } else { window.localStorage.removeItem(kept); }
    } catch (error) { /* no storage: the cell stays on the page */ }
  }
  function enqueue(row) {
    if (!member(row)) { return; }
    row.classList.add('unsaved');
    waiting[row.id] = row;
    keep();
  }
  function show(row, cell) {
    row.dataset.version = cell.version;
    row.querySelector('[name^="version."]').value = cell.version;
    row.classList.remove('unsaved');
    row.classList.toggle('filled', cell.value !== '');
    row.lastElementChild.textContent = cell.shown + ' ' + cell.at.slice(11);
    judge(row, cell.findings || []);
  }
  function judge(row, findings) {
    var below = row.nextElementSibling;
    var cell = below.lastElementChild;
    cell.textContent = '';
    findings.forEach(function (one) {
      var line = document.createElement('p');
      line.className = 'g-' + one.grade;
      line.textContent = [one.found, one.expected, one.hint].filter(Boolean).join(' — ');
      cell.appendChild(line);
    });
    below.hidden = findings.length === 0;
    field(row, 'value').setAttribute('aria-invalid', String(findings.some(function (one) { return one.grade === 'A'; })));
  }
  function conflict(row, theirs) {
    var below = row.nextElementSibling;
    var cell = below.lastElementChild;
    cell.textContent = '';
    var line = document.createElement('p');
    line.textContent = form.dataset.conflict.replace('{who}', theirs.shown).replace('{value}', theirs.value + ' ' + theirs.unit).replace('{at}', theirs.at) + ' ';
    [['theirs', function () { FIELDS.forEach(function (name) { set(field(row, name), theirs[name]); }); show(row, theirs); }], ['mine', function () { row.dataset.version = theirs.version; enqueue(row); send('typed'); }]].forEach(function (pair) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = form.dataset[pair[0]];
      button.addEventListener('click', pair[1]);
      line.appendChild(button);
      line.appendChild(document.createTextNode(' '));
    });
    cell.appendChild(line);
    below.hidden = false;
  }
  function set(input, value) {
    if (input.tagName === 'SELECT' && !Array.prototype.some.call(input.options, function (one) { return one.value === value; })) { input.add(new Option(value, value)); }
    input.value = value;
  }
  function find(cell) {
    return Array.prototype.find.call(form.querySelectorAll('tr[data-variable]'), function (row) { return row.dataset.variable === cell.variable && member(row) === cell.member; });
  }
  function send(way) {
    if (busy || !Object.keys(waiting).length) { return; }
    var rows = Object.keys(waiting).map(function (id) { return waiting[id]; });
    waiting = {};
    busy = true;
    say(form.dataset.saving);
    window.fetch(form.dataset.url + '?as=json', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF': csrf }, body: JSON.stringify({ way: way, cells: rows.map(read) }) }).then(function (answer) {
      return answer.json().then(function (said) { return { status: answer.status, said: said }; });
    }).then(function (got) {
      busy = false;
      if (got.status === 401 || got.status === 403) { rows.forEach(enqueue); say(form.dataset.login); window.open('/login?next=' + encodeURIComponent(window.location.pathname), 'gep-login'); return; }
      if (got.status !== 200) { rows.forEach(function (row) { judge(row, got.said.problems.map(function (one) { return { grade: 'A', found: document.documentElement.lang === 'en' ? one.found : one.found_zh || one.found }; })); }); say(''); return; }
      got.said.cells.forEach(function (cell) { var row = find(cell); if (row) { show(row, cell); } });
      got.said.conflicts.forEach(function (cell) { var row = find(cell); if (row) { conflict(row, cell); } });
      document.getElementById('filled').textContent = got.said.filled;
      document.getElementById('wanted').textContent = got.said.wanted;
      say(form.dataset.saved);
      keep();
      send('typed');
    }).catch(function () { busy = false; rows.forEach(enqueue); say(form.dataset.offline); window.setTimeout(function () { send(way); }, 5000); });
  }
  form.addEventListener('change', function (event) { var row = rowOf(event.target); if (row && row.dataset.variable) { enqueue(row); send('typed'); } });
  form.addEventListener('keydown', function (event) {
    var input = event.target;
    if (!input.classList.contains('cell') || input.tagName === 'SELECT') { return; }
    var step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey) { return; }
    event.preventDefault();
    var name = input.name.split('.')[0];
    var all = Array.prototype.slice.call(form.querySelectorAll('[name^="' + name + '."]'));
    var next = all[all.indexOf(input) + step];
    if (next) { next.focus(); next.select(); }
  });
  form.addEventListener('paste', function (event) {
    var input = event.target;
    var text = (event.clipboardData || window.clipboardData).getData('text');
    if (!input.classList.contains('cell') || !/[\t\n]/.test(text.trim())) { return; }
    event.preventDefault();
    var order = ['value', 'unit', 'source', 'note'];
    var start = order.indexOf(input.name.split('.')[0]);
    var rows = Array.prototype.slice.call(form.querySelectorAll('tr[data-variable]'));
    var first = rows.indexOf(rowOf(input));
    text.replace(/\r/g, '').replace(/\n$/, '').split('\n').forEach(function (line, down) {
      var row = rows[first + down];
      if (!row || start < 0) { return; }
      line.split('\t').forEach(function (part, right) { var cell = order[start + right] && field(row, order[start + right]); if (cell) { set(cell, part.trim()); } });
      enqueue(row);
    });
    send('pasted');
  });
  window.addEventListener('beforeunload', function (event) { if (Object.keys(waiting).length || busy) { event.preventDefault(); event.returnValue = ''; } });
  window.addEventListener('focus', function () { if (!busy) { window.fetch('/session').then(function (answer) { return answer.json(); }).then(function (said) { if (said.csrf) { csrf = said.csrf; send('typed'); } }).catch(function () {}); } });
  try {
    JSON.parse(window.localStorage.getItem(kept) || '[]').forEach(function (cell) {
      var row = find(cell);
      if (row && Number(row.dataset.version) === cell.version) { FIELDS.forEach(function (name) { set(field(row, name), cell[name]); }); enqueue(row); }
    });
    send('typed');
  } catch (error) { /* nothing was kept */ }
})();
