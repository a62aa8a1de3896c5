// Shows how far a job is, and loads the page again when it ends.
(function () {
  "use strict";
  var job = document.getElementById("job");
  if (!job) { return; }
  function look() {
    fetch(job.dataset.url, { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (found) {
      if (found.state !== job.dataset.state) { window.location.reload(); return; }
      document.getElementById("progress").max = found.total || 1;
      document.getElementById("progress").value = found.done;
      document.getElementById("done").textContent = found.done + " / " + found.total;
      document.getElementById("said").textContent = found.said;
      window.setTimeout(look, 1500);
    }).catch(function () { window.setTimeout(look, 5000); });
  }
  window.setTimeout(look, 1000);
}());
