// Applies the theme that was chosen on this device; src/features/settings/theme.ts writes it.
try {
  const theme = localStorage.getItem('nova.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us: the theme of the system it is.
}
