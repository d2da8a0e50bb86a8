"""Somebody on the hub: a browser that is logged in, and what one can do there with the rights of one's account."""

from playwright.sync_api import Browser

PATIENCE_MS = 90_000  # the machine may be busy
SLUG = "differential-privacy"
INSTRUCTOR = "teacher"
STUDENTS = ("astrid", "birk", "dina")

# What the two scripts share: the address of one's own server, and the token that it wants with every change.
OWN_SERVER = """
  const base = location.pathname.match(/^\\/user\\/[^/]+/)[0]
  const headers = {'X-XSRFToken': document.cookie.match(/_xsrf=([^;]+)/)[1]}
  const open = (path) => new WebSocket(`ws://${location.host}${base}${path}`)
"""
# Types a command into a new terminal and returns what it prints between the characters 1 and 4.
IN_TERMINAL = f"""async ([command, patience]) => {{
  {OWN_SERVER}
  const terminal = await (await fetch(`${{base}}/api/terminals`, {{method: 'POST', headers}})).json()
  const socket = open(`/terminals/websocket/${{terminal.name}}`)
  let printed = ''
  await new Promise((done, failed) => {{
    setTimeout(() => failed(new Error('no end after: ' + printed)), patience)
    socket.onclose = () => failed(new Error('the terminal closed after: ' + printed))
    socket.onmessage = (event) => {{
      const [kind, text] = JSON.parse(event.data)
      if (kind === 'setup') socket.send(JSON.stringify(['stdin', command]))
      if (kind === 'stdout') printed += text
      if (printed.includes('\\x04')) done()
    }}
  }})
  socket.onclose = null
  await fetch(`${{base}}/api/terminals/${{terminal.name}}`, {{method: 'DELETE', headers}})
  return printed
}}"""
# Runs code in a new kernel and returns what it prints, and its errors.
IN_KERNEL = f"""async ([code, patience]) => {{
  {OWN_SERVER}
  const kernel = await (await fetch(`${{base}}/api/kernels`, {{method: 'POST', headers, body: '{{}}'}})).json()
  const socket = open(`/api/kernels/${{kernel.id}}/channels`)
  const header = {{msg_id: crypto.randomUUID(), session: crypto.randomUUID(), username: '', version: '5.3'}}
  let printed = ''
  await new Promise((done, failed) => {{
    setTimeout(() => failed(new Error('no end after: ' + printed)), patience)
    socket.onopen = () => socket.send(JSON.stringify({{
      header: {{...header, msg_type: 'execute_request'}}, parent_header: {{}}, metadata: {{}}, channel: 'shell',
      content: {{code, silent: false, store_history: false, user_expressions: {{}}, allow_stdin: false}},
    }}))
    socket.onmessage = (event) => {{
      const {{channel, parent_header, header: {{msg_type}}, content}} = JSON.parse(event.data)
      if (channel !== 'iopub' || parent_header.msg_id !== header.msg_id) return
      if (msg_type === 'stream') printed += content.text
      if (msg_type === 'error') printed += content.ename + ': ' + content.evalue
      if (msg_type === 'status' && content.execution_state === 'idle') done()
    }}
  }})
  await fetch(`${{base}}/api/kernels/${{kernel.id}}`, {{method: 'DELETE', headers}})
  return printed
}}"""


class Person:
    """One account of the hub, with a browser of its own."""

    def __init__(self, browser: Browser, hub: str, name: str) -> None:
        self.hub = hub
        self.name = name
        self.page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        self.page.set_default_timeout(PATIENCE_MS)

    def log_in(self, password: str) -> None:
        """Log in, which starts a server of one's own."""
        self.page.goto(f"{self.hub}/hub/login")
        self.page.fill("#username_input", self.name)
        self.page.fill("#password_input", password)
        self.page.click("#login_submit")

    def wait_for_server(self) -> None:
        """Wait until JupyterLab is there."""
        self.page.get_by_role("menuitem", name="Nbgrader").wait_for()

    def terminal(self, command: str) -> str:
        """What the shell command prints, errors too, in a terminal of one's own."""
        typed = f"printf '\\001'; ( {command} ) 2>&1; printf '\\004'\r"
        printed = self.page.evaluate(IN_TERMINAL, [typed, PATIENCE_MS])
        return printed.rpartition("\x01")[2].partition("\x04")[0].replace("\r\n", "\n")

    def kernel(self, code: str) -> str:
        """What the Python code prints, and the error that ends it, in a kernel of one's own."""
        return self.page.evaluate(IN_KERNEL, [code, PATIENCE_MS])

    def visit(self, path: str) -> tuple[int, str]:
        """Status and text of what the browser shows at the address, in another tab."""
        tab = self.page.context.new_page()
        answer = tab.goto(f"{self.hub}{path}")
        text = tab.locator("body").inner_text()
        tab.close()
        return answer.status, text

    def open_assignment_list(self) -> None:
        """Open *Nbgrader → Assignment List* in JupyterLab's menu, and have it look again."""
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_role("menuitem", name="Assignment List").click()
        self.page.locator("#refresh_assignments_list").click()

    def fetch_and_edit(self, code: str) -> None:
        """Fetch the assignment, open its notebook, put `code` in the place of the first answer, run it and save."""
        self.open_assignment_list()
        self.page.locator("#released_assignments_list").get_by_role("button", name="Fetch").click()
        fetched = self.page.locator("#fetched_assignments_list")
        notebook = fetched.locator(".nested_list_item a")
        for _ in range(20):  # a list that is drawn again, because it was loaded again, is folded again
            fetched.locator("a.assignment-notebooks-link").click()
            self.page.wait_for_timeout(1_000)
            if notebook.is_visible():
                break
        notebook.click()
        notebook = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        answer = notebook.locator(".jp-CodeCell", has_text="def sum_sensitivity")
        answer.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)
        output = answer.locator(".jp-OutputArea-output", has_text="saved by")
        for _ in range(20):  # JupyterLab does nothing when the kernel is not there yet
            self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(1_000)
            if output.is_visible():
                break
        output.wait_for()
        self.page.keyboard.press("Control+S")
        self.page.locator(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)", has_text=SLUG).wait_for()

    def submit(self) -> None:
        """Hand in with the button of the Assignment List."""
        self.open_assignment_list()
        self.page.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
        self.page.locator("#submitted_assignments_list .list_item").first.wait_for()

    def read_feedback(self) -> str:
        """Fetch the feedback in the Assignment List, open it in JupyterLab, and return its text."""
        self.open_assignment_list()
        submitted = self.page.locator("#submitted_assignments_list")
        submitted.get_by_role("button", name="Fetch Feedback").click()
        submitted.get_by_text("view feedback").click()  # shows its folder in the file browser
        self.page.locator(".jp-DirListing-item", has_text=f"{SLUG}.html").dblclick()
        page = self.page.frame_locator(".jp-HTMLViewer iframe").locator("body")
        page.get_by_text("Score").first.wait_for()
        return page.inner_text()


class Instructor(Person):
    """The account that has the course's folder in the exchange, with the formgrader open."""

    def press(self, column: str) -> str:
        """Press the assignment's button in a column of the formgrader and return what it says has happened."""
        self.page.goto(f"{self.hub}/user/{self.name}/formgrader/manage_assignments")
        self.page.locator("tr", has_text=SLUG).locator(f"td.{column} a").click()
        said = self.page.locator(".modal.in")
        said.get_by_text("Success", exact=True).wait_for()
        return said.inner_text()
