/* What every page has: a button that was pressed is not pressed twice, and a file that is too large is not sent. Pages work without this file. */
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
  document.addEventListener('change', function (event) {
    var field = event.target;
    if (field.type === 'file' && field.files) {
      var large = Array.prototype.some.call(field.files, function (file) { return file.size > 32 * 1024 * 1024; });
      field.setCustomValidity(large ? document.body.dataset.large || '!' : '');
      if (large) { field.reportValidity(); }
    }
  });
})();
