/** What scripts add to the page as a whole: copying commands, links into folded parts, where in the page one is. */
export const PAGE_TOOLS = `
  const tool = (text, before, act, about) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'tool';
    button.textContent = text;
    if (about) button.setAttribute('aria-label', text + ': ' + about);
    button.addEventListener('click', () => act(button));
    before.before(button);
  };
  for (const command of document.querySelectorAll('pre.command')) {
    tool('Copy the command', command.nextElementSibling ?? command.parentElement.appendChild(document.createElement('p')), async (button) => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(command);
        button.textContent = 'Selected: press Ctrl+C';
      }
    });
  }
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!target) return;
    for (let part = target.closest('details'); part; part = part.parentElement.closest('details')) part.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  reveal();
  const links = new Map([...document.querySelectorAll('nav a')].map((link) => [link.getAttribute('href').slice(1), link]));
  const seen = new Set();
  const watch = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    for (const [id, link] of links) {
      id === current ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current');
    }
  }, { rootMargin: '-64px 0px -60% 0px' });
  for (const section of document.querySelectorAll('main > section')) watch.observe(section);
`;
