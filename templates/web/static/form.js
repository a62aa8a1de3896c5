/* A form: saves each cell as it is left, pastes blocks, moves with arrows and Enter, shows what a check finds; what cannot be sent stays in this browser. */
(function () {
  'use strict';
  var form = document.getElementById('cells');
  if (!form) { return; }
  var status = document.getElementById('saving');
  var csrf = document.body.dataset.csrf;
  var FIELDS = ['value', 'unit', 'source', 'note'];
  var ORDER = ['member'].concat(FIELDS);
  var PAUSE = 3000;
  var DITTO = /^(同上|同前|〃|″|")$/;
  var waiting = {};
  var undecided = {};
  var kept = 'gep ' + form.dataset.person + ' ' + form.dataset.url;
  var busy = false;
  var checking = 0;
  var left = []; /* what of the newest block was not taken: said beside the state of saving until something else is typed */

  function rowOf(input) { return input.closest('tr'); }
  function rows() { return Array.prototype.slice.call(form.querySelectorAll('tr[data-variable]')); }
  function field(row, name) { return row.querySelector('[name^="' + name + '."]'); }
  function member(row) { var own = field(row, 'member'); return own ? own.value.trim() : row.dataset.member; }
  function part(row, name) { return row.nextElementSibling.querySelector('.' + name); }
  function read(row) {
    var cell = { variable: row.dataset.variable, member: member(row), version: Number(row.dataset.version) };
    FIELDS.forEach(function (name) { cell[name] = field(row, name).value.trim(); });
    return cell;
  }
  function set(input, value) {
    if (input.tagName === 'SELECT' && !Array.prototype.some.call(input.options, function (one) { return one.value === value; })) { input.add(new Option(value, value)); }
    input.value = value;
  }
  function find(cell) {
    var same = rows().filter(function (row) { return row.dataset.variable === cell.variable; });
    return same.find(function (row) { return member(row) === cell.member; }) || same.find(function (row) { return field(row, 'member') && !member(row); });
  }

  function say(text, link) {
    status.textContent = [text].concat(left).filter(Boolean).join(form.dataset.lang === 'zh' ? '；' : '; ');
    if (link) {
      var way = document.createElement('a');
      way.href = '/login?next=' + encodeURIComponent(window.location.pathname);
      way.target = '_blank';
      way.rel = 'opener';
      way.textContent = link;
      status.appendChild(document.createTextNode(' '));
      status.appendChild(way);
    }
  }
  function keep() {
    var all = Object.assign({}, undecided, waiting);
    var cells = Object.keys(all).map(function (id) { return read(all[id]); });
    try {
      if (cells.length) { window.localStorage.setItem(kept, JSON.stringify(cells)); } else { window.localStorage.removeItem(kept); }
    } catch (error) { /* no storage: the cell stays on the page */ }
  }
  function enqueue(row) {
    if (field(row, 'member') && !member(row)) {
      var typed = read(row);
      judge(row, typed.value || typed.source || typed.note ? [{ grade: 'A', found: form.dataset.nameless }] : []);
      return;
    }
    row.classList.add('unsaved');
    waiting[row.id] = row;
    delete undecided[row.id];
    keep();
  }

  function lines(into, findings) {
    into.textContent = '';
    findings.forEach(function (one) {
      var line = document.createElement('p');
      line.className = 'g-' + one.grade;
      line.textContent = [one.found, one.expected, one.hint].filter(Boolean).join(' — ');
      into.appendChild(line);
    });
  }
  function fold(row) {
    var below = row.nextElementSibling;
    below.hidden = !below.querySelector('p');
  }
  function judge(row, findings) {
    lines(part(row, 'says'), findings);
    fold(row);
    field(row, 'value').setAttribute('aria-invalid', String(findings.some(function (one) { return one.grade === 'A'; })));
  }
  function show(row, cell) {
    row.dataset.version = cell.version;
    row.dataset.member = cell.member;
    field(row, 'version').value = cell.version;
    row.classList.remove('unsaved');
    row.classList.toggle('filled', cell.value !== '');
    delete undecided[row.id];
    var change = row.querySelector('.change');
    if (change) { change.textContent = ''; }
    var way = row.lastElementChild;
    way.textContent = form.dataset.plain ? cell.shown : '';
    var link = document.createElement('a');
    link.className = 'history';
    link.href = form.dataset.url + '/history?variable=' + encodeURIComponent(cell.variable) + '&member=' + encodeURIComponent(cell.member);
    link.textContent = cell.shown + ' ' + cell.at.slice(11);
    if (!form.dataset.plain) { way.appendChild(link); }
    part(row, 'remarks').textContent = '';
    judge(row, cell.findings || []);
  }
  function conflict(row, theirs) {
    var into = part(row, 'says');
    into.textContent = '';
    var line = document.createElement('p');
    line.className = 'conflict';
    line.textContent = form.dataset.conflict.replace('{who}', theirs.shown).replace('{value}', (theirs.value + ' ' + theirs.unit).trim()).replace('{at}', theirs.at) + ' ';
    undecided[row.id] = row;
    function offer(name, act) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = form.dataset[name];
      button.addEventListener('click', function () { act(); keep(); field(row, 'value').focus(); });
      line.appendChild(button);
      line.appendChild(document.createTextNode(' '));
    }
    offer('theirs', function () { FIELDS.forEach(function (name) { set(field(row, name), theirs[name]); }); show(row, theirs); });
    offer('mine', function () { row.dataset.version = theirs.version; enqueue(row); send('typed'); });
    into.appendChild(line);
    fold(row);
  }

  function send(way) {
    var sent = Object.keys(waiting).map(function (id) { return waiting[id]; });
    if (busy || !sent.length) { return; }
    waiting = {};
    busy = true;
    say(form.dataset.saving);
    window.fetch(form.dataset.url + '/cells?as=json', { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json', 'X-CSRF': csrf }, body: JSON.stringify({ way: way, cells: sent.map(read) }) }).then(function (answer) {
      return answer.json().then(function (said) { return { status: answer.status, said: said }; });
    }).then(function (got) {
      busy = false;
      if (got.status === 401 || got.status === 403) { sent.forEach(enqueue); say(form.dataset.login, form.dataset.again); return; }
      if (got.status >= 500) { throw new Error(String(got.status)); }
      if (got.status !== 200) {
        sent.forEach(function (row) { undecided[row.id] = row; judge(row, got.said.problems.map(function (one) { return { grade: 'A', found: form.dataset.lang === 'zh' ? one.found_zh || one.found : one.found, hint: form.dataset.lang === 'zh' ? one.hint_zh || one.hint : one.hint }; })); });
        keep();
        say(form.dataset.refused);
        return;
      }
      got.said.cells.forEach(function (cell) { var row = find(cell); if (row && !waiting[row.id]) { show(row, cell); } else if (row) { row.dataset.version = cell.version; } });
      got.said.conflicts.forEach(function (cell) { var row = find(cell); if (row) { conflict(row, cell); } });
      got.said.refused.forEach(function (cell) { var row = find(cell); if (row) { undecided[row.id] = row; judge(row, cell.findings); } });
      document.getElementById('filled').textContent = got.said.filled;
      var wanted = document.getElementById('wanted');
      if (wanted) { wanted.textContent = got.said.wanted; }
      say(Object.keys(undecided).length ? form.dataset.refused : form.dataset.saved);
      keep();
      send('typed');
      later(PAUSE);
    }).catch(function () { busy = false; sent.forEach(enqueue); say(form.dataset.offline); window.setTimeout(function () { send(way); }, 5000); });
  }

  /* What only shows across cells, and what is still needed: asked for when nobody types. */
  function later(pause) { window.clearTimeout(checking); checking = window.setTimeout(check, pause); }
  function check() {
    if (!form.dataset.checked) { return; }
    window.fetch(form.dataset.checked + '?as=json', { credentials: 'same-origin' }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (said) {
      if (!said) { return; }
      rows().forEach(function (row) {
        var found = said.cells.filter(function (one) { return one.variable === row.dataset.variable && one.member === member(row); });
        var before = part(row, 'says').textContent;
        lines(part(row, 'across'), found.length ? found[0].findings.filter(function (one) { return before.indexOf(one.found) < 0; }) : []);
        fold(row);
        var change = row.querySelector('.change');
        said.changes.forEach(function (one) { if (change && one.variable === row.dataset.variable && one.member === member(row)) { change.textContent = one.change; change.classList.toggle('far', one.far); } });
      });
      document.getElementById('needed').textContent = '';
      said.needed.forEach(function (text) { var item = document.createElement('li'); item.textContent = text; document.getElementById('needed').appendChild(item); });
      document.getElementById('needs').textContent = String(said.needed.length);
    }).catch(function () { /* the server cannot be reached: saving says so */ });
  }

  /* The rows of a copied block; a text in quotes holds line breaks and tabs of one cell, which are read as spaces. */
  function block(text) {
    var quoted = text.replace(/\r\n?/g, '\n').replace(/(^|[\t\n])"((?:[^"]|"")*)"(?=[\t\n]|$)/g, function (all, before, inside) {
      return before + inside.replace(/""/g, '"').replace(/[\t\n]+/g, ' ');
    });
    return quoted.replace(/\n+$/, '').split('\n').map(function (line) { return line.split('\t').map(function (one) { return one.trim(); }); });
  }
  function step(input, down) {
    var name = input.name.split('.')[0];
    var all = Array.prototype.filter.call(form.querySelectorAll('[name^="' + name + '."]'), function (one) { return one.type !== 'hidden'; });
    return all[all.indexOf(input) + down];
  }
  function beside(input, right) {
    var all = Array.prototype.filter.call(rowOf(input).querySelectorAll('.cell'), function (one) { return one.type !== 'hidden'; });
    return all[all.indexOf(input) + right];
  }
  form.addEventListener('change', function (event) { var row = rowOf(event.target); if (row && row.dataset.variable) { left = []; enqueue(row); send('typed'); } });
  form.addEventListener('keydown', function (event) {
    var input = event.target;
    if (!input.classList.contains('cell') || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) { return; }
    var list = input.tagName === 'SELECT';
    var whole = !list && input.selectionStart === 0 && input.selectionEnd === input.value.length;
    var next = null;
    if (event.key === 'Enter') { next = step(input, event.shiftKey ? -1 : 1); event.preventDefault(); }
    else if (event.shiftKey) { return; }
    else if (event.key === 'ArrowDown' && !list) { next = step(input, 1); }
    else if (event.key === 'ArrowUp' && !list) { next = step(input, -1); }
    else if (event.key === 'ArrowRight' && (list || whole || input.selectionStart === input.value.length)) { next = beside(input, 1); }
    else if (event.key === 'ArrowLeft' && (list || whole || input.selectionEnd === 0)) { next = beside(input, -1); }
    if (next) { event.preventDefault(); next.focus(); if (next.select) { next.select(); } }
  });
  form.addEventListener('paste', function (event) {
    var input = event.target;
    var text = (event.clipboardData || window.clipboardData).getData('text');
    if (!input.classList.contains('cell') || input.readOnly || !/[\t\n]/.test(text.replace(/[\r\n]+$/, ''))) { return; }
    event.preventDefault();
    var start = ORDER.indexOf(input.name.split('.')[0]);
    var all = rows();
    var first = all.indexOf(rowOf(input));
    var over = 0;
    var wide = 0;
    var above = '';
    block(text).forEach(function (written, down) {
      var row = all[first + down];
      if (!row) { over += 1; return; }
      if (start === 0 && !field(row, 'member') && written[0] && written[0] !== row.dataset.member) {
        judge(row, [{ grade: 'A', found: form.dataset.others.replace('{pasted}', written[0]).replace('{member}', row.dataset.member) }]);
        return;
      }
      written.forEach(function (one, right) {
        var name = ORDER[start + right];
        var cell = name && field(row, name);
        if (name === 'source') { if (DITTO.test(one) && above) { one = above; } else { above = one; } }
        if (cell && cell.type !== 'hidden') { set(cell, one); } else if (!name && one) { wide += 1; }
      });
      enqueue(row);
    });
    left = [['over', over], ['wide', wide]].filter(function (one) { return one[1]; }).map(function (one) { return form.dataset[one[0]].replace('{count}', one[1]); });
    send('pasted');
    if (!busy) { say(''); }
  });
  form.addEventListener('click', function (event) {
    var button = event.target;
    if (button.name !== 'take') { return; }
    event.preventDefault();
    var row = rowOf(button);
    FIELDS.forEach(function (name) { set(field(row, name), button.dataset[name]); });
    enqueue(row);
    send('reference');
  });
  window.addEventListener('beforeunload', function (event) { if (Object.keys(waiting).length || busy) { event.preventDefault(); event.returnValue = ''; } });
  function again() {
    if (busy) { return; }
    window.fetch('/session', { credentials: 'same-origin' }).then(function (answer) { return answer.json(); }).then(function (said) {
      if (said.csrf) { csrf = said.csrf; Array.prototype.forEach.call(document.querySelectorAll('[name=csrf]'), function (one) { one.value = csrf; }); send('typed'); }
    }).catch(function () {});
  }
  window.addEventListener('focus', again);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { again(); } });
  try {
    JSON.parse(window.localStorage.getItem(kept) || '[]').forEach(function (cell) {
      var row = find(cell);
      if (!row || field(row, 'value').readOnly) { return; }
      if (field(row, 'member')) { set(field(row, 'member'), cell.member); }
      FIELDS.forEach(function (name) { set(field(row, name), cell[name]); });
      row.dataset.version = cell.version;
      enqueue(row);
    });
    send('typed');
  } catch (error) { /* nothing was kept */ }
  later(300);
})();
