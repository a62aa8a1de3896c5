/* What every page has: a button that was pressed is not pressed twice. Pages work without this file. */
(function () {
  'use strict';
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === 'post') {
      form.dataset.sent = '1';
      window.setTimeout(function () { delete form.dataset.sent; }, 4000);
    }
  });
})();
