;;; What a person does in Emacs with eglot (editor.py).
(package-initialize)
(require 'eglot)
(require 'json)

(defvar seen nil "What was seen, as a list of names and values.")
(defun see (name value) (push (cons name value) seen))

(defconst waits 60 "Seconds.")

(defun wait-for (what question)
  (let ((end (time-add nil waits)))
    (while (not (funcall question))
      (when (time-less-p end nil) (error "%s did not come" what))
      (accept-process-output nil 0.02))))

(defun shown-diagnostics ()
  (flymake-start)
  (mapcar
   (lambda (diagnostic)
     (list (line-number-at-pos (flymake-diagnostic-beg diagnostic))
           (buffer-substring-no-properties
            (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic))
           (flymake-diagnostic-text diagnostic)))
   (flymake-diagnostics)))

(defun wait-for-diagnostics (count)
  (eglot--signal-textDocument/didChange) ; which a timer does where somebody types
  (wait-for (format "%d diagnostics" count) (lambda () (= (length (shown-diagnostics)) count))))

(defun text () (buffer-substring-no-properties (point-min) (point-max)))

(defun find-action (title kind)
  (or (seq-find (lambda (action) (equal (plist-get action :title) title))
                (eglot-code-actions (line-beginning-position) (line-end-position) kind))
      (error "no action %s" title)))

(defun make-action (title kind)
  (eglot--apply-workspace-edit (plist-get (find-action title kind) :edit)))

(defun session ()
  (add-to-list 'eglot-server-programs `(python-mode . (,(getenv "AWRY") "server")))
  (setq eglot-sync-connect waits)
  (find-file "app.py")
  (apply #'eglot (eglot--guess-contact))
  (wait-for-diagnostics 2)
  (see 'opened (vconcat (shown-diagnostics)))

  (goto-char (point-min))
  (search-forward "        save")
  (see 'hover
       (substring-no-properties
        (eglot--hover-info
         (plist-get
          (jsonrpc-request
           (eglot--current-server-or-lose) :textDocument/hover (eglot--TextDocumentPositionParams))
          :contents))))

  (make-action "awry: Await it (unsafe)" "quickfix")
  (wait-for-diagnostics 1)
  (see 'fixed (text))

  (make-action "awry: Make all safe fixes of this file" "source.fixAll.awry")
  (wait-for-diagnostics 0)
  (see 'all_fixed (text))

  (goto-char (point-min))
  (insert "# \N{GRINNING FACE}\n")
  (goto-char (point-max))
  (insert "\nasync def late(db):\n    '\N{GRINNING FACE}'; save(db)\n")
  (wait-for-diagnostics 1)
  (see 'typed (vconcat (shown-diagnostics)))
  (set-buffer-modified-p nil)

  ;; A function that becomes async in a buffer which is not saved.
  (let ((user (find-file "b.py")))
    (find-file "a.py")
    (goto-char (point-min))
    (insert "async ")
    (eglot--signal-textDocument/didChange)
    (with-current-buffer user
      (wait-for-diagnostics 1)
      (see 'across (vconcat (shown-diagnostics))))
    (set-buffer-modified-p nil))

  (let ((server (eglot-current-server)))
    (eglot-shutdown server nil waits)
    (see 'is_running (if (jsonrpc-running-p server) t json-false))))

(condition-case fault (session)
  (error (see 'fault (error-message-string fault))))
(with-temp-file "seen.json" (insert (json-encode seen)))
